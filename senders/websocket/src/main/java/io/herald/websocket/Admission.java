package io.herald.websocket;

import io.herald.http.RateLimit;
import io.herald.websocket.GatewayConfig.Admittance;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Lets newcomers in, as many as can be had without harm to those who are here: when a gateway falls, all of its clients
 * come to the others at once. Thread-safe.
 */
final class Admission {
    private static final int RETRY_SECONDS = 2;
    private static final int RETRY_SPREAD_SECONDS = 14;

    private final Connections connections;
    private final TokenChecks tokens;
    private final RateLimit rate;

    Admission(Admittance rules, Connections connections, TokenChecks tokens) {
        this.connections = connections;
        this.tokens = tokens;
        this.rate = new RateLimit(rules.perSecond(), rules.burst(), System.nanoTime());
    }

    /**
     * Makes room for one.
     *
     * @return why there is none, or null where there is; then it is to be given back by {@link Connections#closed} or
     *     {@link Connections#release}
     */
    String refusal() {
        if (connections.isDraining()) {
            return "draining";
        }
        if (tokens.isCrowded() || !tryTake()) {
            return "storm";
        }
        return connections.tryAdmit() ? null : "full";
    }

    private synchronized boolean tryTake() {
        return rate.tryTake(System.nanoTime());
    }

    /** Returns after which time who was refused may come again: by chance, or all of them would come at once. */
    static Duration retryAfter() {
        return Duration.ofSeconds(RETRY_SECONDS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_SECONDS));
    }
}
