package io.herald.websocket;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Frames as server-sent events (WHATWG HTML, 9.2). The id of an event is the {@code seq} up to which its reader then
 * has everything, so that a browser's {@code Last-Event-ID} says where to go on.
 */
final class StreamTransport implements Transport {
    private final HttpServerRequest request;
    private final HttpServerResponse response;

    StreamTransport(HttpServerRequest request) {
        this.request = request;
        this.response = request.response();
    }

    @Override
    public Future<Void> write(Frame frame) {
        String id = frame.position() == null ? "" : "id: " + frame.position() + "\n";
        // JSON in one line: no line of it can be taken for a field.
        return response.write(id + "data: " + frame.text() + "\n\n");
    }

    @Override
    public void ping() {
        response.write(":\n\n");
    }

    @Override
    public boolean isAnswering() {
        return false;
    }

    @Override
    public void close(CloseCode code, String reason) {
        // The reasons are this code's own texts, and need no escapes.
        response.end("event: close\ndata: {\"type\":\"close\",\"code\":%d,\"reason\":\"%s\"}\n\n"
                .formatted(code.code(), reason));
    }

    @Override
    public void abort() {
        Cut.now(request.connection());
    }
}
