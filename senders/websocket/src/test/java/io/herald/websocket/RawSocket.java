package io.herald.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A client that writes frames byte by byte, to send what no library would. */
final class RawSocket implements AutoCloseable {
    private static final int MASKED = 0x80;
    private static final int CLOSE = 0x88;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final String answer;

    /** Opens a socket without a token; {@code headers} go with its handshake. */
    RawSocket(int port, String... headers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(handshake(headers).getBytes(ISO_8859_1));
        answer = head(in);
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + answer);
        }
    }

    /** Returns the bytes of a handshake. */
    static String handshake(String... headers) {
        return "GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                + String.join("\r\n", headers)
                + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    /** Reads the head of an answer. */
    static String head(InputStream from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = from.read();
            if (next < 0) {
                throw new EOFException("cut after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Returns the head of what the gateway answered to the handshake. */
    String answer() {
        return answer;
    }

    /** Writes bytes as they are. */
    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Writes a frame; the mask is zero, so the payload goes out as it is. */
    void frame(int firstByte, boolean masked, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(head(firstByte, masked, payload.length));
        frame.writeBytes(payload);
        out.write(frame.toByteArray());
    }

    /** Writes the first bytes of a masked frame, and no payload. */
    void frameHead(int firstByte, long length) throws IOException {
        out.write(head(firstByte, true, length));
    }

    private static byte[] head(int firstByte, boolean masked, long length) {
        int mask = masked ? MASKED : 0;
        ByteBuffer head = ByteBuffer.allocate(14).put((byte) firstByte);
        if (length >= 0 && length < 126) {
            head.put((byte) (mask | length));
        } else if (length >= 0 && length < 65_536) {
            head.put((byte) (mask | 126)).putShort((short) length);
        } else {
            head.put((byte) (mask | 127)).putLong(length);
        }
        return Arrays.copyOf(head.array(), head.position() + (masked ? 4 : 0));
    }

    /** Reads on to the close frame, and returns its code. */
    int closeCode() throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            }
            byte[] payload = in.readNBytes(length);
            if (first == CLOSE) {
                return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
