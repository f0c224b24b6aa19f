package io.herald.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.function.Consumer;

/**
 * Puts the frames of one socket together to text messages, within a limit. Vert.x does that too, but keeps quiet about
 * bytes that are not UTF-8 and loses what follows an empty first frame.
 *
 * <p>After a fault it must not be given more frames.
 */
final class MessageReader {
    private final int limit;
    private final Consumer<String> texts;
    private final Consumer<Buffer> bytes;
    private final Consumer<CloseCode> faults;
    /** What has come of a message; null between messages, which is nearly always. */
    private Buffer collected;

    private boolean isBinary;

    private MessageReader(int limit, Consumer<String> texts, Consumer<Buffer> bytes, Consumer<CloseCode> faults) {
        this.limit = limit;
        this.texts = texts;
        this.bytes = bytes;
        this.faults = faults;
    }

    /**
     * Reads texts; a message of bytes is a fault.
     *
     * @param limit largest message in bytes
     * @param faults told why the socket must be closed
     */
    static MessageReader ofText(int limit, Consumer<String> texts, Consumer<CloseCode> faults) {
        return new MessageReader(limit, texts, null, faults);
    }

    /** Reads messages of both kinds; else as {@link #ofText}. */
    static MessageReader ofBoth(int limit, Consumer<String> texts, Consumer<Buffer> bytes, Consumer<CloseCode> faults) {
        return new MessageReader(limit, texts, bytes, faults);
    }

    void read(WebSocketFrame frame) {
        if (frame.isBinary() && bytes == null) {
            faults.accept(CloseCode.UNSUPPORTED);
        } else if (frame.isText() || frame.isBinary()) {
            isBinary = frame.isBinary();
            append(frame);
        } else if (frame.isContinuation()) {
            append(frame);
        }
    }

    private void append(WebSocketFrame frame) {
        Buffer data = frame.binaryData();
        int length = collected == null ? 0 : collected.length();
        if (length + data.length() > limit) {
            faults.accept(CloseCode.TOO_BIG);
        } else if (!frame.isFinal()) {
            collected = (collected == null ? Buffer.buffer() : collected).appendBuffer(data);
        } else {
            Buffer message = collected == null ? data : collected.appendBuffer(data);
            collected = null;
            if (isBinary) {
                bytes.accept(message);
            } else {
                decode(message.getBytes());
            }
        }
    }

    private void decode(byte[] message) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
        } catch (CharacterCodingException malformed) {
            faults.accept(CloseCode.NOT_UTF8);
            return;
        }
        texts.accept(text);
    }
}
