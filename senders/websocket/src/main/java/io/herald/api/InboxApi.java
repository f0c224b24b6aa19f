package io.herald.api;

import io.herald.http.Identity;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.http.Problems;
import io.herald.http.TokenException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox API: REST for the apps and pages of a user, who shows the same token as for a socket. It reads PostgreSQL
 * and writes Kafka; a write is answered with 202 once Kafka has it for good, and with a receipt that a later read can
 * wait for. {@code openapi.json}, which it serves too, describes it.
 */
public final class InboxApi {
    /** Says that what was read does not hold yet what the caller has written. */
    static final String BEHIND = "Herald-Behind";
    /** The receipt of a write. */
    static final String RECEIPT = "Herald-Receipt";

    private static final Logger LOG = LoggerFactory.getLogger(InboxApi.class);
    private static final int BODY_BYTES = 64 * 1024;
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String BEARER = "Bearer ";

    private final Function<String, Future<Identity>> tokens;
    private final UserRates rates;
    private final List<ApiRoute> routes;

    /**
     * Makes it.
     *
     * @param tokens says whom a token speaks for, or fails with a {@link TokenException}
     * @param writes where writes go
     */
    public InboxApi(
            Vertx vertx,
            Function<String, Future<Identity>> tokens,
            ApiSettings settings,
            InboxReader reader,
            Writes writes,
            Clock clock) {
        this.tokens = tokens;
        this.rates = new UserRates(settings.perSecond(), settings.burst());
        Reads reads = new Reads(vertx);
        this.routes = new ArrayList<>();
        routes.addAll(new InboxRoutes(reader, reads, writes, clock).all());
        routes.addAll(new ProfileRoutes(new Profiles(reader, reads), writes, clock).all());
    }

    /** Returns what can be asked for. */
    List<ApiRoute> routes() {
        return List.copyOf(routes);
    }

    /** Adds the API to a server's routes. */
    public void mount(Router router) {
        Problems.on(router);
        router.route("/v1/*")
                .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES).setHandleFileUploads(false));
        for (ApiRoute route : routes) {
            (route.takesRest()
                            ? router.routeWithRegex(route.method(), route.pattern())
                            : router.route(route.method(), route.pattern()))
                    .handler(context -> serve(context, route));
        }
        OpenApi openApi = OpenApi.read();
        router.get(OpenApi.PATH).handler(openApi::serve);
    }

    private void serve(RoutingContext context, ApiRoute route) {
        caller(context)
                .compose(caller -> {
                    Duration wait = rates.ask(caller.user(), System.nanoTime());
                    if (!wait.isZero()) {
                        return Future.failedFuture(new ProblemException(Problem.tooMany(wait)));
                    }
                    return route.handling().answer(new Call(context, caller));
                })
                .onSuccess(answer -> answer(context.response(), answer))
                .onFailure(failure -> refuse(context.response(), route, failure));
    }

    private Future<Identity> caller(RoutingContext context) {
        List<String> given = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        if (given.size() != 1 || !given.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Future.failedFuture(
                    new ProblemException(Problem.unauthenticated("One Authorization header with a Bearer token.")));
        }
        String token = given.get(0).substring(BEARER.length()).strip();
        return tokens.apply(token).recover(InboxApi::refused);
    }

    private static Future<Identity> refused(Throwable cause) {
        if (cause instanceof TokenException refused && !refused.isUndecided()) {
            return Future.failedFuture(new ProblemException(Problem.unauthenticated(refused.getMessage())));
        }
        return Future.failedFuture(
                new ProblemException(Problem.unavailable("Tokens cannot be checked at the moment.", AGAIN)));
    }

    private static void answer(HttpServerResponse response, Answer answer) {
        if (response.closed()) {
            return;
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (answer.behind()) {
            response.putHeader(BEHIND, "true");
        }
        if (answer.receipt() != null) {
            response.putHeader(RECEIPT, answer.receipt().toString());
        }
        response.end(answer.body().toString());
    }

    private static void refuse(HttpServerResponse response, ApiRoute route, Throwable failure) {
        if (failure instanceof ProblemException known) {
            known.problem().answer(response);
        } else {
            LOG.error("a request failed at {} {}", route.method(), route.path(), failure);
            Problem.of(500).answer(response);
        }
    }
}
