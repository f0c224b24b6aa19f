package io.herald.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A process that has nothing but clients' sockets: opens them, counts what comes, and says how long each message took
 * from the time that is written in it. All on one event loop, so nothing here is shared.
 */
final class SocketClients implements ClientSocket.Told {
    private static final int MOST_PENDING = 256;
    private static final long LOOK_MS = 20;
    private static final int RETRY_MS = 1_000;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<String> tokens;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Deque<Integer> toOpen = new ArrayDeque<>();
    private final Deque<Channel> open = new ArrayDeque<>();
    private Bootstrap bootstrap;
    private SocketProtocol protocol;
    private int pending;
    private int welcomed;
    private int refused;
    private int lost;
    private long[] nanos = new long[1 << 16];
    private int messages;
    private long lastAt;

    private SocketClients(Path tokens) throws IOException {
        this.tokens = Files.readAllLines(tokens);
    }

    /**
     * Obeys until its input ends: {@code open PROTOCOL PORT FROM COUNT SECONDS}, {@code drop COUNT}, {@code reset},
     * {@code await MESSAGES SECONDS}, {@code counts}.
     *
     * @param arguments a file with a token for each user, a line each
     */
    public static void main(String[] arguments) throws IOException {
        SocketClients clients = new SocketClients(Path.of(arguments[0]));
        new Orders(System.out).obey(clients::obey);
        System.exit(0);
    }

    private String obey(List<String> order) throws Exception {
        return switch (order.get(0)) {
            case "open" -> open(order);
            case "drop" -> drop(Integer.parseInt(order.get(1)));
            case "reset" ->
                onLoop(() -> {
                    messages = 0;
                    refused = 0;
                    lost = 0;
                    return "";
                });
            case "await" -> await(Integer.parseInt(order.get(1)), Integer.parseInt(order.get(2)));
            case "counts" -> onLoop(() -> String.join("\t", text(welcomed), text(refused), text(lost)));
            default -> throw new IllegalArgumentException("no order " + order);
        };
    }

    private String open(List<String> order) throws Exception {
        int count = Integer.parseInt(order.get(4));
        int target = onLoop(() -> {
            protocol = SocketProtocol.valueOf(order.get(1));
            bootstrap = bootstrap(Integer.parseInt(order.get(2)));
            int from = Integer.parseInt(order.get(3));
            for (int user = from; user < from + count; user++) {
                toOpen.add(user);
            }
            int all = welcomed + count;
            connect();
            return all;
        });
        long start = System.nanoTime();
        long deadline = start + TimeUnit.SECONDS.toNanos(Long.parseLong(order.get(5)));
        while (onLoop(() -> welcomed) < target) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "only " + onLoop(() -> welcomed) + " of " + target + " sockets are open");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return Double.toString((System.nanoTime() - start) / 1e9);
    }

    private Bootstrap bootstrap(int port) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                // Ends by a reset, so that no port stays taken.
                .option(ChannelOption.SO_LINGER, 0)
                .remoteAddress("127.0.0.1", port);
    }

    private void connect() {
        while (pending < MOST_PENDING && !toOpen.isEmpty()) {
            int user = toOpen.poll();
            pending++;
            ClientSocket socket = new ClientSocket(protocol, SocketStage.user(user), tokens.get(user), this);
            ChannelFuture unused = bootstrap.clone().handler(socket).connect().addListener(connected -> {
                if (!connected.isSuccess()) {
                    refused(socket, 0);
                }
            });
        }
    }

    private String drop(int count) throws Exception {
        return onLoop(() -> {
            for (int i = 0; i < count; i++) {
                Channel channel = open.pollLast();
                channel.pipeline().get(ClientSocket.class).ending();
                ChannelFuture unused = channel.close();
                welcomed--;
            }
            return "";
        });
    }

    private String await(int count, int seconds) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (onLoop(() -> messages) < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + onLoop(() -> messages) + " of " + count + " messages came");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return onLoop(() -> {
            List<String> words = new ArrayList<>();
            words.add(Integer.toString(messages));
            words.add(Long.toString(lastAt));
            long[] took = Arrays.copyOf(nanos, messages);
            words.add(Long.toString(Statistics.percentile(took, 0.5)));
            words.add(Long.toString(Statistics.percentile(took, 0.99)));
            return String.join("\t", words);
        });
    }

    @Override
    public void welcomed(Channel channel) {
        open.add(channel);
        welcomed++;
        pending--;
        connect();
    }

    @Override
    public void refused(ClientSocket socket, int status) {
        refused++;
        // As a good client does: later, and not with all the others.
        Future<?> unused = loop.schedule(
                () -> {
                    pending--;
                    toOpen.add(SocketStage.number(socket.user()));
                    connect();
                },
                RETRY_MS / 2 + random.nextInt(RETRY_MS),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void message(String frame) {
        int at = frame.indexOf(SocketStage.LINK);
        if (at < 0) {
            return;
        }
        int from = at + SocketStage.LINK.length();
        long due = Long.parseLong(frame, from, frame.indexOf('"', from), 10);
        lastAt = System.nanoTime();
        if (messages == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * nanos.length);
        }
        nanos[messages++] = lastAt - due;
    }

    @Override
    public void lost(Channel channel) {
        open.remove(channel);
        welcomed--;
        lost++;
    }

    private <T> T onLoop(Callable<T> task) throws ExecutionException, InterruptedException {
        return loop.submit(task).get();
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}
