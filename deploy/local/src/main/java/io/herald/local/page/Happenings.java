package io.herald.local.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells open pages what happens, as server-sent events. A page that reads too slowly is cut off; it comes back by
 * itself and reads everything anew. Thread-safe.
 */
final class Happenings {
    private static final int MOST = 50;
    private static final String HEARTBEAT = ": still here\n\n";

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    private record Listener(Context context, HttpServerResponse response) {}

    /** Begins to tell {@code response}; returns false if there are too many already. To be called on its context. */
    boolean open(Context context, HttpServerResponse response) {
        if (listeners.size() >= MOST) {
            return false;
        }
        Listener listener = new Listener(context, response);
        listeners.add(listener);
        response.endHandler(end -> listeners.remove(listener));
        response.closeHandler(end -> listeners.remove(listener));
        response.exceptionHandler(failure -> listeners.remove(listener));
        response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8");
        response.write("retry: 1000\n\nevent: hello\ndata: {}\n\n");
        return true;
    }

    /** Tells everyone. JSON has no line breaks of its own, so it is one data line. */
    void tell(String what, ObjectNode happening) {
        write("event: " + what + "\ndata: " + happening + "\n\n");
    }

    /** Lets pages and servers notice connections that are gone. */
    void beat() {
        write(HEARTBEAT);
    }

    private void write(String text) {
        for (Listener listener : listeners) {
            listener.context().runOnContext(now -> {
                HttpServerResponse response = listener.response();
                if (response.closed()) {
                    listeners.remove(listener);
                } else if (response.writeQueueFull()) {
                    listeners.remove(listener);
                    response.reset();
                } else {
                    response.write(text);
                }
            });
        }
    }
}
