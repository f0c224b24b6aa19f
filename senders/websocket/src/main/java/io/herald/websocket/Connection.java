package io.herald.websocket;

import io.herald.http.Identity;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.websocket.Missed.Why;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One client, over a socket or a stream: who it is, what it is told, and when it ends. There are many of these, so it
 * has no timers of its own: the event loop calls {@link #tick}.
 *
 * <p>Lives on the client's event loop. {@link #push}, {@link #hello}, {@link #resync}, {@link #retire} and
 * {@link #close(CloseCode)} may be called from any thread.
 */
final class Connection {
    /** How long a peer may take to answer a close before the connection is cut. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
    /** Up to which time, by chance, a client is asked to wait before it comes back. */
    private static final Duration RECONNECT_SPREAD = Duration.ofSeconds(2);

    /** Tokens that are good for longer are not looked at again: nobody stays for so long. */
    private static final Duration LONGEST_TOKEN = Duration.ofDays(365);

    private static final Duration MOST_DITHER = Duration.ofMinutes(3);
    private static final int DITHER_PART = 10;
    private static final long NEVER = Long.MAX_VALUE;

    private final String id = UUID.randomUUID().toString();
    private final Services services;
    private final Transport transport;
    private final Context context;
    private final Outbound outbound;
    private Identity identity;
    private CloseCode closedBy;
    private boolean isGone;
    /** Not null while it is brought up to date. */
    private CatchUp catchUp;

    private long complete;

    private final Greeting greeting = new Greeting();

    // Moments by System.nanoTime() less the start of this connection, so that they can be compared.
    private final long start = System.nanoTime();
    private long heardAt;
    private long beatAt;
    private long expiresAt = NEVER;
    private long retireAt = NEVER;
    private CloseCode retireAs;
    private boolean isToldToGo;
    private long behindSince = NEVER;
    private long cutAt;

    /**
     * Creates a connection.
     *
     * @param context of the event loop that it lives on
     */
    Connection(Services services, Transport transport, Context context) {
        this.services = services;
        this.transport = transport;
        this.context = context;
        this.outbound = new Outbound(
                transport,
                services.limits().outboundBytes(),
                services.connections().outboundBytes());
        beatAt = services.limits().heartbeat().toNanos();
    }

    String id() {
        return id;
    }

    /** Returns whose connection it is, or null before the token was checked. */
    Identity identity() {
        return identity;
    }

    boolean isClosing() {
        return closedBy != null || isGone;
    }

    /** Something came from the peer. */
    void heard() {
        heardAt = elapsed();
    }

    /**
     * Takes it in: from now on it gets what changes.
     *
     * @param since what the client has, or null where it did not say: then it is told of what changes, and no more
     */
    void authenticated(Identity holder, Position since) {
        identity = holder;
        expireWith(holder);
        long age = services.limits().maxAge().toNanos();
        long dither = Math.min(age / DITHER_PART, MOST_DITHER.toNanos());
        retireAtMost(age - ThreadLocalRandom.current().nextLong(dither + 1), CloseCode.ROTATED);
        // First in line before anything is pushed: both go over this event loop.
        reply(services.frames().welcome(holder, id, services.limits().heartbeat()));
        if (since != null) {
            catchUp = new CatchUp(since, elapsed(), services.limits().outboundBytes());
        }
        services.connections().join(this);
        greeting.asked(elapsed());
        presence(PresenceState.CONNECTED);
    }

    /** Takes a further token of the same holder. */
    void renewed(Identity holder) {
        identity = holder;
        expireWith(holder);
        reply(services.frames().renewed(holder));
    }

    /** Brings it up to date from {@code since} on; returns false where that is being done already. */
    boolean resume(Position since) {
        if (catchUp != null) {
            return false;
        }
        catchUp = new CatchUp(since, elapsed(), services.limits().outboundBytes());
        readMissed();
        return true;
    }

    /** Sends an answer. One that does not fit ends the connection: its client does not read what it asks for. */
    void reply(Frame frame) {
        if (outbound.send(frame, Connection::nothing)) {
            services.meters().count(GatewayMetric.FRAMES, frame.type());
        } else {
            close(CloseCode.SLOW);
        }
    }

    /** Sends a change that the router decided at {@code at}, once the client has what was before it. */
    void push(Frame frame, Instant at) {
        context.runOnContext(nothing -> {
            greeting.passed(frame.seq());
            if (catchUp != null) {
                catchUp.keep(frame, at);
            } else if (frame.seq() == 0 || frame.seq() > complete) {
                deliver(frame, at);
            }
        });
    }

    /** Tells the client to read its inbox anew. */
    void resync() {
        context.runOnContext(nothing -> {
            if (catchUp == null) {
                deliver(services.frames().resync(), null);
            } else {
                giveUp(Why.TOO_MUCH);
            }
        });
    }

    /**
     * The router has taken this connection in; all that it decides from then on comes here.
     *
     * @param summary of the inbox as of then
     * @param reached how far it was then
     */
    void hello(Frame summary, Position reached) {
        context.runOnContext(nothing -> {
            boolean isLate = greeting.came(reached);
            if (catchUp != null) {
                readMissed();
            } else {
                // Late, what was before it went to nobody.
                deliver(isLate ? services.frames().resync(reached.seq()) : summary, null);
            }
        });
    }

    private void readMissed() {
        CatchUp current = catchUp;
        if (greeting.reached() != null && current.startReading()) {
            services.resume()
                    .missed(identity.user(), current.since(), greeting.reached())
                    .onComplete(read -> context.runOnContext(nothing -> {
                        if (catchUp == current) {
                            read(read.succeeded() ? read.result() : new Missed.Unknown(Why.UNAVAILABLE));
                        }
                    }));
        }
    }

    private void read(Missed missed) {
        if (missed instanceof Missed.Unknown unknown) {
            giveUp(unknown.why());
        } else if (missed instanceof Missed.Changes changes) {
            CatchUp done = catchUp;
            if (done.isOverfull()) {
                giveUp(Why.TOO_MUCH);
                return;
            }
            catchUp = null;
            services.meters().count(GatewayMetric.RESUMES, "caught_up");
            changes.changes().forEach(change -> deliver(services.frames().change(change), null));
            long seq = done.after(changes.lastSeq(), this::deliver);
            // The tables may have been ahead of what is still on its way here.
            complete = seq;
            deliver(services.frames().caughtUp(changes, seq), null);
        }
    }

    private void giveUp(Why why) {
        CatchUp failed = catchUp;
        catchUp = null;
        services.meters().count(GatewayMetric.RESUMES, why.name().toLowerCase(Locale.ROOT));
        complete = 0;
        Position reached = greeting.reached();
        deliver(reached == null ? services.frames().resync() : services.frames().resync(reached.seq()), null);
        failed.after(0, this::deliver);
    }

    /** Sends what the client can also read elsewhere: where it does not fit, a resync later makes up for it. */
    private void deliver(Frame frame, Instant at) {
        boolean queued = behindSince == NEVER
                && outbound.send(frame, done -> {
                    if (done && at != null) {
                        services.meters().pushed(Duration.between(at, Instant.now()));
                    }
                });
        if (queued) {
            services.meters().count(GatewayMetric.FRAMES, frame.type());
        } else if (!isClosing()) {
            services.meters().count(GatewayMetric.FRAMES, "dropped");
            behindSince = Math.min(behindSince, elapsed());
        }
    }

    /** Has the client reconnect, at a time by chance within {@code over}, and closes it if it does not. */
    void retire(Duration over) {
        long wait = ThreadLocalRandom.current().nextLong(over.toNanos() + 1);
        context.runOnContext(nothing -> retireAtMost(elapsed() + wait, CloseCode.RESTART));
    }

    private void retireAtMost(long at, CloseCode code) {
        if (at < retireAt) {
            retireAt = at;
            retireAs = code;
        }
    }

    /** Closes it, if it is not closing already. */
    void close(CloseCode code) {
        close(code, code.reason());
    }

    void close(CloseCode code, String reason) {
        context.runOnContext(nothing -> {
            if (closing(code)) {
                outbound.close(code, reason);
            }
        });
    }

    /** Notes why it ends; returns false where it is ending already. */
    boolean closing(CloseCode code) {
        if (isClosing()) {
            return false;
        }
        closedBy = code;
        cutAt = elapsed() + CLOSE_GRACE.toNanos();
        // From here on nothing is pushed to it, though it may take a while to be gone.
        services.connections().leave(this);
        return true;
    }

    /** The connection broke or ended. */
    void closed() {
        if (isGone) {
            return;
        }
        isGone = true;
        catchUp = null;
        outbound.shut();
        services.meters()
                .count(
                        GatewayMetric.CLOSES,
                        closedBy == null ? "client" : closedBy.name().toLowerCase(Locale.ROOT));
        services.connections().leave(this);
        services.connections().closed();
        if (identity != null) {
            presence(PresenceState.DISCONNECTED);
        }
    }

    /** Looks at the clock. Called some times a second. */
    void tick() {
        long now = elapsed();
        if (closedBy != null) {
            if (now >= cutAt) {
                transport.abort();
            }
        } else if (identity == null && now >= services.limits().authTimeout().toNanos()) {
            close(CloseCode.UNAUTHENTICATED, "no token in time");
        } else if (now >= expiresAt) {
            close(CloseCode.UNAUTHENTICATED, "token expired");
        } else if (now >= retireAt) {
            retire(now);
        } else {
            beat(now);
            notBehind(now);
            if (catchUp != null && catchUp.isLate(now)) {
                giveUp(greeting.reached() == null ? Why.NO_HELLO : Why.BEHIND);
            }
            if (greeting.isOverdue(now)) {
                presence(PresenceState.CONNECTED);
            }
        }
    }

    /** Who has shown no token is not worth a word; others are told first, and closed where they stay. */
    private void retire(long now) {
        if (identity == null || isToldToGo) {
            close(retireAs);
            return;
        }
        isToldToGo = true;
        retireAt = now + services.limits().reconnectGrace().toNanos();
        long wait = ThreadLocalRandom.current().nextLong(RECONNECT_SPREAD.toMillis() + 1);
        deliver(services.frames().reconnect(Duration.ofMillis(wait)), null);
    }

    private void beat(long now) {
        long heartbeat = services.limits().heartbeat().toNanos();
        if (transport.isAnswering() && now - heardAt > heartbeat * 2) {
            close(CloseCode.SILENT);
        } else if (now >= beatAt) {
            beatAt = now + heartbeat;
            outbound.ping();
        }
    }

    private void notBehind(long now) {
        if (behindSince == NEVER) {
            return;
        }
        if (outbound.isEmpty()) {
            behindSince = NEVER;
            deliver(services.frames().resync(), null);
        } else if (now - behindSince >= services.limits().outboundWait().toNanos()) {
            close(CloseCode.SLOW);
        }
    }

    private void expireWith(Identity holder) {
        Duration valid = Duration.between(Instant.now(), holder.validUntil());
        expiresAt = elapsed() + (valid.compareTo(LONGEST_TOKEN) > 0 ? LONGEST_TOKEN : valid).toNanos();
    }

    private void presence(PresenceState state) {
        PresenceChanged changed = PresenceChanged.newBuilder()
                .setTenant(identity.user().tenant())
                .setUser(identity.user().user())
                .setDevice(identity.device())
                .setConnectionId(id)
                .setGateway(services.gatewayId())
                .setInstance(services.instance())
                .setState(state)
                .setAt(Instant.ofEpochMilli(System.currentTimeMillis()))
                .build();
        services.log().presence(changed).whenComplete((nothing, failure) -> {
            if (failure != null) {
                services.meters().count(GatewayMetric.PRESENCE_LOST);
            }
        });
    }

    private long elapsed() {
        return System.nanoTime() - start;
    }

    private static void nothing(boolean written) {}
}
