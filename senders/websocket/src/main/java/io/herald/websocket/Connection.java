package io.herald.websocket;

import io.herald.http.Identity;
import io.herald.http.RateLimit;
import io.herald.http.TokenException;
import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket: who is behind it, what they ask for, and when it ends.
 *
 * <p>Lives on the socket's event loop. {@link #send}, {@link #push} and {@link #close(CloseCode)} may be called from
 * any thread.
 */
final class Connection {
    /** How long a peer may take to answer a close before the connection is cut. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
    /** Acts of one socket that may wait for Kafka. */
    private static final int MAX_UNANSWERED = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long NO_TIMER = -1;

    private final String id = UUID.randomUUID().toString();
    private final Services services;
    private final ServerWebSocket socket;
    private final Context context;
    private final Outbound outbound;
    private final RateLimit inbound;
    private Identity identity;
    private CloseCode closedBy;
    private boolean checking;
    private int unanswered;
    private long heardAt = System.nanoTime();
    private long authTimer = NO_TIMER;
    private long heartbeat = NO_TIMER;
    private long expiryTimer = NO_TIMER;

    Connection(Services services, ServerWebSocket socket) {
        this.services = services;
        this.socket = socket;
        this.context = services.vertx().getOrCreateContext();
        this.outbound = new Outbound(
                socket,
                context,
                services.limits().outboundBytes(),
                services.connections().outboundBytes());
        this.inbound = new RateLimit(
                services.limits().inboundPerSecond(), services.limits().inboundBurst(), System.nanoTime());
    }

    /**
     * Takes the socket over; call it on the socket's event loop.
     *
     * @param token from the handshake, or null where the client has yet to send it
     */
    void open(String token) {
        services.connections().opened(this);
        MessageReader messages = new MessageReader(services.limits().messageBytes(), this::receive, this::close);
        socket.frameHandler(frame -> {
            heardAt = System.nanoTime();
            if (closedBy == null && admitted()) {
                messages.read(frame);
            }
        });
        socket.exceptionHandler(this::broken);
        socket.closeHandler(nothing -> closed());
        authTimer = timer(services.limits().authTimeout(), () -> close(CloseCode.UNAUTHENTICATED, "no token in time"));
        heartbeat = services.vertx().setPeriodic(services.limits().heartbeat().toMillis(), timer -> beat());
        if (token != null) {
            authenticate(token);
        }
    }

    /** Returns whose socket it is, or null before the token was checked. */
    Identity identity() {
        return identity;
    }

    /** Sends a frame; a client that does not keep up is closed instead. */
    void send(String frame, String type) {
        send(frame, type, Connection::nothing);
    }

    /**
     * Sends a change that the router decided at {@code at}.
     *
     * @param written told whether it was written
     */
    void push(String frame, String type, Instant at, Consumer<Boolean> written) {
        send(frame, type, done -> {
            if (done) {
                services.meters().pushed(Duration.between(at, Instant.now()));
            }
            written.accept(done);
        });
    }

    private void send(String frame, String type, Consumer<Boolean> written) {
        if (outbound.send(frame, written)) {
            services.meters().count(GatewayMetric.FRAMES, type);
        } else {
            written.accept(false);
            close(CloseCode.SLOW);
        }
    }

    /** Closes the socket, if it is not closing already. */
    void close(CloseCode code) {
        close(code, code.reason());
    }

    private void close(CloseCode code, String reason) {
        context.runOnContext(nothing -> {
            if (closing(code)) {
                outbound.close(code, reason);
                services.vertx().setTimer(CLOSE_GRACE.toMillis(), timer -> outbound.abort());
            }
        });
    }

    private boolean closing(CloseCode code) {
        if (closedBy != null) {
            return false;
        }
        closedBy = code;
        cancelTimers();
        // From here on nothing is pushed to it, though it may take a while to be gone.
        services.connections().leave(this);
        return true;
    }

    /** Counts each frame, not each message: pings cost an answer, and crumbs of a message cost time. */
    private boolean admitted() {
        boolean admitted = inbound.tryTake(System.nanoTime());
        if (!admitted) {
            close(CloseCode.FLOODING);
            // What it sends from now on stays in its own buffers.
            socket.pause();
        }
        return admitted;
    }

    private void receive(String message) {
        try {
            handle(services.commands().read(message));
        } catch (InvalidCommandException invalid) {
            send(services.frames().invalid(invalid), "error");
        }
    }

    private void handle(Command command) {
        if (command instanceof Command.Authenticate authenticate) {
            authenticate(authenticate.token());
        } else if (identity == null) {
            close(CloseCode.UNAUTHENTICATED, "no token yet");
        } else if (command instanceof Command.Act act) {
            act(act);
        } else {
            send(services.frames().pong(), "pong");
        }
    }

    private void act(Command.Act act) {
        String name = act.act().name().toLowerCase(Locale.ROOT);
        if (unanswered >= MAX_UNANSWERED) {
            services.meters().count(GatewayMetric.ACTS, name, "unavailable");
            send(services.frames().unavailable(act.id()), "error");
            return;
        }
        unanswered++;
        InboxActed acted = InboxActed.newBuilder()
                .setTenant(identity.user().tenant())
                .setUser(identity.user().user())
                .setAct(act.act())
                .setSeqs(act.seqs())
                .setUpToSeq(act.upTo())
                .setDevice(identity.device())
                .setAt(now())
                .build();
        services.log()
                .acted(acted)
                .whenComplete((nothing, failure) -> context.runOnContext(ignored -> {
                    unanswered--;
                    services.meters().count(GatewayMetric.ACTS, name, failure == null ? "ok" : "unavailable");
                    if (failure == null) {
                        send(services.frames().ok(act.id()), "ok");
                    } else {
                        send(services.frames().unavailable(act.id()), "error");
                    }
                }));
    }

    private void authenticate(String token) {
        if (checking) {
            send(services.frames().invalid(new InvalidCommandException(null, "type", "one auth at a time")), "error");
            return;
        }
        checking = true;
        // A signature costs half a millisecond, and keys may have to be fetched: not on the event loop.
        services.vertx()
                .executeBlocking(() -> services.tokens().verify(token), false)
                .onComplete(checked -> {
                    checking = false;
                    if (closedBy != null) {
                        return;
                    }
                    if (checked.failed()) {
                        refused(checked.cause());
                    } else if (identity == null) {
                        authenticated(checked.result());
                    } else if (identity.sameHolder(checked.result())) {
                        renewed(checked.result());
                    } else {
                        services.meters().count(GatewayMetric.TOKENS, "refused");
                        close(CloseCode.UNAUTHENTICATED, "token of somebody else");
                    }
                });
    }

    private void refused(Throwable cause) {
        if (cause instanceof TokenException refused && !refused.isUndecided()) {
            services.meters().count(GatewayMetric.TOKENS, "refused");
            close(CloseCode.UNAUTHENTICATED, refused.getMessage());
        } else {
            services.meters().count(GatewayMetric.TOKENS, "undecided");
            LOG.warn("cannot check tokens", cause);
            close(CloseCode.TRY_LATER);
        }
    }

    private void authenticated(Identity holder) {
        services.meters().count(GatewayMetric.TOKENS, "ok");
        services.vertx().cancelTimer(authTimer);
        identity = holder;
        expireWith(holder);
        // First in line before anything is pushed: both go over this event loop.
        send(services.frames().welcome(holder, id, services.limits().heartbeat()), "welcome");
        services.connections().join(this);
        presence(PresenceState.CONNECTED);
    }

    private void renewed(Identity holder) {
        services.meters().count(GatewayMetric.TOKENS, "ok");
        identity = holder;
        expireWith(holder);
        send(services.frames().renewed(holder), "renewed");
    }

    private void expireWith(Identity holder) {
        services.vertx().cancelTimer(expiryTimer);
        Duration left = Duration.between(Instant.now(), holder.validUntil());
        expiryTimer = timer(left, () -> close(CloseCode.UNAUTHENTICATED, "token expired"));
    }

    private void presence(PresenceState state) {
        PresenceChanged changed = PresenceChanged.newBuilder()
                .setTenant(identity.user().tenant())
                .setUser(identity.user().user())
                .setDevice(identity.device())
                .setConnectionId(id)
                .setGateway(services.gatewayId())
                .setState(state)
                .setAt(now())
                .build();
        services.log().presence(changed).whenComplete((nothing, failure) -> {
            if (failure != null) {
                services.meters().count(GatewayMetric.PRESENCE_LOST);
            }
        });
    }

    private void beat() {
        if (System.nanoTime() - heardAt > services.limits().heartbeat().toNanos() * 2) {
            close(CloseCode.SILENT);
        } else {
            outbound.ping();
        }
    }

    /** The bytes make no frame, or the connection broke; Vert.x cuts it when this returns. */
    private void broken(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException corrupted) {
            boolean tooBig = corrupted.closeStatus().code() == CloseCode.TOO_BIG.code();
            CloseCode code = tooBig ? CloseCode.TOO_BIG : CloseCode.PROTOCOL_ERROR;
            if (closing(code)) {
                outbound.closeAtOnce(code);
            }
        }
    }

    private void closed() {
        cancelTimers();
        services.meters()
                .count(
                        GatewayMetric.CLOSES,
                        closedBy == null ? "client" : closedBy.name().toLowerCase(Locale.ROOT));
        services.connections().leave(this);
        services.connections().closed(this);
        if (identity != null) {
            presence(PresenceState.DISCONNECTED);
        }
    }

    private long timer(Duration after, Runnable task) {
        return services.vertx().setTimer(Math.max(1, after.toMillis()), timer -> task.run());
    }

    private void cancelTimers() {
        services.vertx().cancelTimer(authTimer);
        services.vertx().cancelTimer(heartbeat);
        services.vertx().cancelTimer(expiryTimer);
    }

    private static void nothing(boolean written) {}

    private static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }
}
