package io.herald.websocket;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/**
 * Why the gateway closes a socket. What a client should do stands with each; "later" means with exponential backoff and
 * full jitter.
 */
enum CloseCode {
    /** The client broke the protocol. A bug: do not come back the same way. */
    PROTOCOL_ERROR(1002, "protocol error"),
    /** A binary message. A bug. */
    UNSUPPORTED(1003, "text messages only"),
    /** A text message that is not UTF-8. A bug. */
    NOT_UTF8(1007, "text is not UTF-8"),
    /** A message above the limit. A bug. */
    TOO_BIG(1009, "message too big"),
    /** The gateway is going down for a restart. Come back later. */
    RESTART(1012, "restarting"),
    /** Long enough on this gateway: others have room too. Come back at once. */
    ROTATED(1012, "time to reconnect"),
    /** The token could not be checked at this moment. Come back later. */
    TRY_LATER(1013, "try again later"),
    /** Nothing was heard for two heartbeats. Come back. */
    SILENT(4004, "no heartbeat"),
    /** More waited for this socket than may. Come back and read the inbox anew. */
    SLOW(4008, "reads too slowly"),
    /** More messages than allowed. Slow down; come back later. */
    FLOODING(4029, "too many messages"),
    /** No valid token: missing, refused or run out; the reason says which. Get a new one, then come back. */
    UNAUTHENTICATED(4401, "not authenticated"),
    /** The user opened more sockets than allowed and this was the oldest. Do not come back by itself. */
    DISPLACED(4409, "connected elsewhere");

    private final short code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = (short) code;
        this.reason = reason;
    }

    /** Returns the code for bytes in which Netty found no frame. */
    static CloseCode of(WebSocketCloseStatus fault) {
        return fault.code() == TOO_BIG.code ? TOO_BIG : fault.code() == NOT_UTF8.code ? NOT_UTF8 : PROTOCOL_ERROR;
    }

    short code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
