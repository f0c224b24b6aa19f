package io.herald.websocket;

import io.herald.api.InboxApi;
import io.herald.api.InboxReader;
import io.herald.api.Writes;
import io.herald.http.Problems;
import io.herald.unsubscribe.UnsubscribePages;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.Optional;

/** Answers whatever is neither a socket, a stream nor a file: the inbox API, and unsubscribe links. */
final class RestDoor implements Handler<HttpServerRequest> {
    private final Router router;

    /**
     * Opens what is configured.
     *
     * @param reader empty for no inbox API
     */
    RestDoor(OtherDoors doors, Vertx vertx, TokenChecks tokens, Optional<InboxReader> reader, InboxLog log) {
        Clock clock = Clock.systemUTC();
        Writes writes = new Writes(log, clock);
        router = Router.router(vertx);
        Problems.on(router);
        reader.ifPresent(inbox -> new InboxApi(vertx, tokens::check, doors.api(), inbox, writes, clock).mount(router));
        doors.unsubscribe().ifPresent(settings -> new UnsubscribePages(settings.tokens(), settings.perSecond(), writes)
                .mount(router));
    }

    @Override
    public void handle(HttpServerRequest request) {
        router.handle(request);
    }
}
