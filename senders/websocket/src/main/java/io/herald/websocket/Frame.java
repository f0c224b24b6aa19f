package io.herald.websocket;

import io.netty.buffer.ByteBufUtil;

/**
 * What a client is told. One frame may go to many clients.
 *
 * @param type as in its JSON
 * @param text JSON in one line
 * @param seq of the item that it brings, or 0
 * @param position what a client has that has got this frame and those before it, as {@link Position} reads it, or null
 * @param bytes of the text in UTF-8
 */
record Frame(String type, String text, long seq, String position, int bytes) {
    static Frame of(String type, String text, long seq, String position) {
        return new Frame(type, text, seq, position, ByteBufUtil.utf8Bytes(text));
    }
}
