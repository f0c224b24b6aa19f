package io.herald.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers whatever goes wrong on the routes of a server with a {@link Problem}. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final List<Integer> STATUSES = List.of(400, 404, 405, 406, 408, 413, 414, 415, 500);

    private Problems() {}

    /** Makes {@code router} answer with problems, of its own and of the handlers'. */
    public static void on(Router router) {
        STATUSES.forEach(status -> router.errorHandler(status, context -> answer(context, status)));
    }

    private static void answer(RoutingContext context, int status) {
        Throwable failure = context.failure();
        if (failure instanceof ProblemException known) {
            known.problem().answer(context.response());
            return;
        }
        if (status == 500 && failure != null) {
            // Route and not path: the path is the caller's text.
            LOG.error("a request failed at {}", route(context), failure);
        }
        Problem.of(status).answer(context.response());
    }

    private static String route(RoutingContext context) {
        return context.currentRoute() == null
                ? "no route"
                : context.currentRoute().getPath();
    }
}
