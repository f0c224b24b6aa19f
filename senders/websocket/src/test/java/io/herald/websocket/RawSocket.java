package io.herald.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A client that writes frames byte by byte, to send what no library would. */
final class RawSocket implements AutoCloseable {
    private static final int MASKED = 0x80;
    private static final int CLOSE = 0x88;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** Opens a socket without a token. */
    RawSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        String handshake = "GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n".formatted(port)
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        out.write(handshake.getBytes(ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + head);
        }
    }

    /** Writes a frame; the mask is zero, so the payload goes out as it is. */
    void frame(int firstByte, boolean masked, byte[] payload) throws IOException {
        out.write(firstByte);
        int mask = masked ? MASKED : 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else if (payload.length < 65_536) {
            out.write(new byte[] {(byte) (mask | 126), (byte) (payload.length >> 8), (byte) payload.length});
        } else {
            out.write(new byte[] {
                (byte) (mask | 127),
                0,
                0,
                0,
                0,
                (byte) (payload.length >> 24),
                (byte) (payload.length >> 16),
                (byte) (payload.length >> 8),
                (byte) payload.length
            });
        }
        if (masked) {
            out.write(new byte[4]);
        }
        out.write(payload);
        out.flush();
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
