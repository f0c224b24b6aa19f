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
    private final Consumer<String> messages;
    private final Consumer<CloseCode> faults;
    private Buffer collected = Buffer.buffer();

    /**
     * Creates a reader.
     *
     * @param limit largest message in bytes
     * @param faults told why the socket must be closed
     */
    MessageReader(int limit, Consumer<String> messages, Consumer<CloseCode> faults) {
        this.limit = limit;
        this.messages = messages;
        this.faults = faults;
    }

    void read(WebSocketFrame frame) {
        if (frame.isBinary()) {
            faults.accept(CloseCode.UNSUPPORTED);
        } else if (frame.isText() || frame.isContinuation()) {
            append(frame);
        }
    }

    private void append(WebSocketFrame frame) {
        Buffer data = frame.binaryData();
        if (collected.length() + data.length() > limit) {
            faults.accept(CloseCode.TOO_BIG);
            return;
        }
        collected.appendBuffer(data);
        if (frame.isFinal()) {
            byte[] message = collected.getBytes();
            collected = Buffer.buffer();
            decode(message);
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
        messages.accept(text);
    }
}
