package io.herald.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.http.Identity;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.http.RateLimit;
import io.herald.http.TokenException;
import io.herald.http.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/**
 * Tells who asks, by an API key or a token in {@code Authorization: Bearer}. What was found is believed for
 * {@value #CACHED_SECONDS} seconds: so long does a revoked key still work. Thread-safe.
 */
final class Callers {
    static final int CACHED_SECONDS = 30;

    private static final String BEARER = "Bearer ";
    private static final int MOST_KNOWN = 10_000;
    private static final String FIND =
            "SELECT tenant, scopes, per_second, burst, hash FROM ingest.api_key WHERE id = $1 AND revoked_at IS NULL";

    private final Vertx vertx;
    private final Database database;
    private final Tokens tokens;
    private final IngestConfig.Rate tokenRate;
    private final IngestMeters meters;
    private final Recent<Bytes, Known> known = new Recent<>(MOST_KNOWN);
    // A guess at keys is a query each, so guesses must not be for free. Guarded by itself.
    private final RateLimit lookups = new RateLimit(200, 400, System.nanoTime());

    private record Known(Caller caller, long untilNanos) {}

    /**
     * Makes it.
     *
     * @param tokens null: only keys
     */
    Callers(Vertx vertx, Database database, Tokens tokens, IngestConfig.Rate tokenRate, IngestMeters meters) {
        this.vertx = vertx;
        this.database = database;
        this.tokens = tokens;
        this.tokenRate = tokenRate;
        this.meters = meters;
    }

    /** Returns who asks; fails with a {@link Problem} where that cannot be told. */
    Future<Caller> of(HttpServerRequest request) {
        List<String> sent = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (sent.size() != 1 || !sent.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return refused("Send one header Authorization: Bearer with a key or a token.");
        }
        String bearer = sent.get(0).substring(BEARER.length()).strip();
        Bytes name = Bytes.wrap(Sha256.of(bearer.getBytes(UTF_8)));
        Known before = known.get(name);
        long now = System.nanoTime();
        if (before != null && now - before.untilNanos() < 0) {
            return Future.succeededFuture(before.caller());
        }
        Future<Known> found = bearer.startsWith(ApiKey.PREFIX) ? key(bearer, name, now) : token(bearer, now);
        return found.map(caller -> {
            meters.count(IngestMetric.CALLERS, "known");
            known.put(name, caller);
            return caller.caller();
        });
    }

    private Future<Known> key(String text, Bytes name, long now) {
        Optional<ApiKey> key = ApiKey.parse(text);
        if (key.isEmpty()) {
            return refused("This is not a key.");
        }
        // One that was good a moment ago is no guess: guesses of others must not lock it out.
        synchronized (lookups) {
            if (known.get(name) == null && !lookups.tryTake(now)) {
                return Future.failedFuture(new ProblemException(Problem.tooMany(Duration.ofSeconds(1))));
            }
        }
        return database.query(FIND, Tuple.of(key.get().id())).compose(rows -> {
            for (Row row : rows) {
                byte[] kept = row.getBuffer("hash").getBytes();
                if (MessageDigest.isEqual(kept, key.get().hash())) {
                    return Future.succeededFuture(
                            new Known(caller(key.get().id(), row), now + seconds(CACHED_SECONDS)));
                }
            }
            // The same for a wrong secret, a wrong id and a revoked key: a guess learns nothing.
            known.remove(name);
            return refused("This key is not known.");
        });
    }

    private static Caller caller(String id, Row row) {
        return new Caller(
                "key:" + id,
                row.getString("tenant"),
                Set.of(row.getArrayOfStrings("scopes")),
                row.getInteger("per_second"),
                row.getInteger("burst"));
    }

    private Future<Known> token(String token, long now) {
        if (tokens == null) {
            return refused("Tokens are not taken here: send a key.");
        }
        // The issuer's keys may have to be fetched.
        return vertx.executeBlocking(() -> tokens.verify(token), false)
                .map(identity -> new Known(caller(identity), now + believed(identity)))
                .recover(failure -> {
                    if (failure instanceof TokenException refused && !refused.isUndecided()) {
                        return refused("The token is not taken: " + refused.getMessage() + ".");
                    }
                    meters.count(IngestMetric.CALLERS, "undecided");
                    return Future.failedFuture(new ProblemException(
                            Problem.unavailable("Tokens cannot be checked now.", Duration.ofSeconds(5))));
                });
    }

    private Caller caller(Identity identity) {
        return new Caller(
                "token:" + identity.subject(),
                identity.tenant(),
                identity.scopes(),
                tokenRate.perSecond(),
                tokenRate.burst());
    }

    private static long believed(Identity identity) {
        Duration left = Duration.between(Instant.now(), identity.validUntil());
        return Math.min(seconds(CACHED_SECONDS), left.toNanos());
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private <T> Future<T> refused(String why) {
        meters.count(IngestMetric.CALLERS, "refused");
        return Future.failedFuture(new ProblemException(Problem.unauthenticated(why)));
    }
}
