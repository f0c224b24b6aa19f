package io.herald.websocket;

import io.herald.schema.GatewayLeased;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/**
 * Says to the router that this gateway lives, again and again, so that after a crash its sockets count as gone. A
 * gateway that drains goes on saying so: its last sockets are still open. Thread-safe.
 */
final class Lease implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration HOLDS = EVERY.multipliedBy(3);

    private final String gateway;
    private final String instance;
    private final Vertx vertx;
    private final InboxLog log;
    private final GatewayMeters meters;
    private long timer;

    /**
     * Creates a lease.
     *
     * @param instance this life of the gateway, another at each start
     */
    Lease(String gateway, String instance, Vertx vertx, InboxLog log, GatewayMeters meters) {
        this.gateway = gateway;
        this.instance = instance;
        this.vertx = vertx;
        this.log = log;
        this.meters = meters;
    }

    void start() {
        write(HOLDS);
        timer = vertx.setPeriodic(EVERY.toMillis(), nothing -> write(HOLDS));
    }

    /** Gives it back: the gateway has stopped in order, and no socket is left. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
        write(Duration.ZERO);
    }

    private void write(Duration holds) {
        GatewayLeased lease = GatewayLeased.newBuilder()
                .setGateway(gateway)
                .setInstance(instance)
                .setTtlMs(holds.toMillis())
                .setAt(Instant.ofEpochMilli(System.currentTimeMillis()))
                .build();
        log.leased(lease).whenComplete((nothing, failure) -> {
            if (failure != null) {
                meters.count(GatewayMetric.LEASE_LOST);
            }
        });
    }
}
