package io.herald.ingest;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;

/**
 * Cuts a connection whose request does not come: its head in time after the one before, its body in time after the
 * head. A client that drips bytes keeps an idle timeout from ever firing, and this not. On the connection's event loop.
 */
final class Patience {
    private static final Duration HEAD = Duration.ofSeconds(30);
    private static final Duration FIRST_HEAD = Duration.ofSeconds(10);
    private static final Duration BODY = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final HttpConnection connection;
    private final IngestMeters meters;
    private long timer;
    private boolean over;

    private Patience(Vertx vertx, HttpConnection connection, IngestMeters meters) {
        this.vertx = vertx;
        this.connection = connection;
        this.meters = meters;
        wait(FIRST_HEAD, "head");
    }

    /** Begins with a new connection. */
    static Patience with(Vertx vertx, HttpConnection connection, IngestMeters meters) {
        return new Patience(vertx, connection, meters);
    }

    /** A head has come; its body is to come next. */
    void head() {
        wait(BODY, "body");
    }

    /** The request is here as a whole: what it waits for now is not the client. */
    void request() {
        vertx.cancelTimer(timer);
    }

    /** It was answered; another one may come. */
    void answered() {
        wait(HEAD, "head");
    }

    /** The connection is gone. */
    void end() {
        over = true;
        vertx.cancelTimer(timer);
    }

    private void wait(Duration time, String what) {
        vertx.cancelTimer(timer);
        if (over) {
            return;
        }
        timer = vertx.setTimer(time.toMillis(), late -> {
            meters.count(IngestMetric.CUT, what);
            connection.close();
        });
    }
}
