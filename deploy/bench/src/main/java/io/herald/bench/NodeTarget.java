package io.herald.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.testkit.NodeScripts;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A server on Node.js. Messages come to it over a plain connection, which is less work than reading Kafka, and it
 * checks no tokens: what it saves is to its advantage.
 */
final class NodeTarget implements SocketTarget {
    private final SocketProtocol protocol;
    private final Process process;
    private final BufferedReader answers;
    private final int port;
    private final Socket control;
    private final BufferedWriter messages;
    private long seq;

    NodeTarget(NodeScripts scripts, SocketProtocol protocol, String script) throws IOException {
        this.protocol = protocol;
        process = scripts.start("--expose-gc", script);
        answers = process.inputReader(UTF_8);
        String[] ready = answers.readLine().split(" ", -1);
        port = Integer.parseInt(ready[1]);
        control = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(ready[2]));
        messages = new BufferedWriter(new OutputStreamWriter(control.getOutputStream(), UTF_8), 1 << 16);
    }

    @Override
    public SocketProtocol protocol() {
        return protocol;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void send(int user, long due) {
        write(SocketStage.user(user), due);
    }

    @Override
    public void everyone(int users, long due) {
        write("*", due);
    }

    /** The very frame that the gateway writes. */
    private void write(String to, long due) {
        seq++;
        long now = System.currentTimeMillis();
        try {
            messages.write(to + "\t{\"type\":\"item\",\"unread\":1,\"lastSeq\":" + seq + ",\"at\":" + now
                    + ",\"seqs\":["
                    + seq + "],\"seq\":" + seq + ",\"item\":{\"notificationId\":\"" + SocketStage.NOTIFICATION
                    + "\",\"category\":\"" + Load.CATEGORY + "\",\"actor\":\"bo\",\"title\":\"" + SocketStage.TITLE
                    + "\",\"body\":\"" + SocketStage.BODY + "\",\"link\":\"" + SocketStage.LINK + due
                    + "\",\"createdAt\":" + now + ",\"expiresAt\":" + now + "}}\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void flush() {
        try {
            messages.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public double residentBytes() {
        try {
            process.outputWriter(UTF_8).append("collect\n").flush();
            if (answers.readLine() == null) {
                throw new IllegalStateException(protocol + " has ended");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Child.residentMb(process.pid()) * (1 << 20);
    }

    @Override
    public Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            control.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } finally {
            process.destroy();
        }
    }
}
