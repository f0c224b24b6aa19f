package io.herald.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * One WebSocket of a client that does as little as it can, so that it is the server that is measured: it takes frames
 * that fit into 64 KB and are not cut, and looks for one thing in them. On the event loop.
 */
final class ClientSocket extends ByteToMessageDecoder {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORTEST_MEDIUM = 126;
    private static final int HEADER = 2;
    private static final int MASK = 4;

    private final SocketProtocol protocol;
    private final String user;
    private final String token;
    private final Told told;
    private boolean upgraded;
    private boolean welcomed;
    private boolean ended;

    /** Who hears what becomes of the socket. */
    interface Told {
        void welcomed(Channel channel);

        /** The server has no room now. */
        void refused(ClientSocket socket, int status);

        void message(String frame);

        /** A socket that was let in is gone, not by our will. */
        void lost(Channel channel);
    }

    ClientSocket(SocketProtocol protocol, String user, String token, Told told) {
        this.protocol = protocol;
        this.user = user;
        this.token = token;
        this.told = told;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        send(
                context,
                "GET " + protocol.path() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n"
                        + protocol.headers(token) + "\r\n");
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (ended) {
            in.skipBytes(in.readableBytes());
        } else if (upgraded) {
            frame(context, in);
        } else {
            handshake(context, in);
        }
    }

    /** Ends the socket at once, without a close frame, as a network does. */
    void ending() {
        ended = true;
    }

    private void handshake(ChannelHandlerContext context, ByteBuf in) {
        String head = in.toString(US_ASCII);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        int status = Integer.parseInt(head.substring(9, 12));
        if (status != 101) {
            ended = true;
            end(context);
            told.refused(this, status);
            return;
        }
        in.skipBytes(end + 4);
        upgraded = true;
        if (protocol.hello(user) != null) {
            write(context, TEXT, protocol.hello(user).getBytes(UTF_8));
        }
    }

    private void frame(ChannelHandlerContext context, ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < HEADER) {
            return;
        }
        int opcode = in.getByte(start) & 0x0F;
        int length = in.getByte(start + 1) & 0x7F;
        int header = HEADER;
        if (length == SHORTEST_MEDIUM) {
            if (in.readableBytes() < HEADER + Short.BYTES) {
                return;
            }
            length = in.getUnsignedShort(start + HEADER);
            header += Short.BYTES;
        }
        if (in.readableBytes() < header + length) {
            return;
        }
        in.skipBytes(header);
        switch (opcode) {
            case TEXT -> text(context, in.readCharSequence(length, UTF_8).toString());
            case PING -> {
                byte[] payload = new byte[length];
                in.readBytes(payload);
                write(context, PONG, payload);
            }
            case CLOSE -> {
                in.skipBytes(length);
                end(context);
            }
            default -> in.skipBytes(length);
        }
    }

    private void text(ChannelHandlerContext context, String frame) {
        if (!welcomed && protocol.isWelcome(frame)) {
            welcomed = true;
            told.welcomed(context.channel());
            return;
        }
        String answer = protocol.answer(frame);
        if (answer != null) {
            write(context, TEXT, answer.getBytes(UTF_8));
        }
        told.message(frame);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!ended) {
            ended = true;
            if (welcomed) {
                told.lost(context.channel());
            } else {
                told.refused(this, 0);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        end(context);
    }

    private static void end(ChannelHandlerContext context) {
        ChannelFuture unused = context.close();
    }

    private static void send(ChannelHandlerContext context, String text) {
        ChannelFuture unused =
                context.writeAndFlush(context.alloc().buffer(text.length()).writeBytes(text.getBytes(US_ASCII)));
    }

    /** Writes a frame whose mask is 0, so that the payload goes as it is. */
    private static void write(ChannelHandlerContext context, int opcode, byte[] payload) {
        ChannelFuture unused = context.writeAndFlush(context.alloc()
                .buffer(HEADER + MASK + payload.length)
                .writeByte(FIN | opcode)
                .writeByte(MASKED | payload.length)
                .writeInt(0)
                .writeBytes(payload));
    }

    String user() {
        return user;
    }
}
