package io.herald.websocket;

import io.herald.http.Identity;
import io.herald.http.RateLimit;
import io.herald.http.TokenException;
import io.herald.schema.InboxActed;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.Locale;

/** What comes from a client over its WebSocket: tokens, acts, acknowledgements. Lives on the socket's event loop. */
final class SocketInput {
    /** Acts of one socket that may wait for Kafka. */
    private static final int MAX_UNANSWERED = 64;

    private final Services services;
    private final ServerWebSocket socket;
    private final SocketTransport transport;
    private final Connection connection;
    private final Context context;
    private final RateLimit rate;
    private final MessageReader messages;
    private Position since;
    private boolean checking;
    private int unanswered;

    SocketInput(Services services, SocketTransport transport, Connection connection, Context context) {
        this.services = services;
        this.socket = transport.socket();
        this.transport = transport;
        this.connection = connection;
        this.context = context;
        this.rate = new RateLimit(
                services.limits().inboundPerSecond(), services.limits().inboundBurst(), System.nanoTime());
        this.messages = MessageReader.ofText(services.limits().messageBytes(), this::receive, connection::close);
    }

    /**
     * Begins to read.
     *
     * @param token from the handshake, or null where the client has yet to send it
     * @param since what the client has, from the handshake, or null
     */
    void open(String token, Position since) {
        socket.frameHandler(frame -> {
            connection.heard();
            if (!connection.isClosing() && admitted()) {
                messages.read(frame);
            }
        });
        socket.exceptionHandler(fault -> transport.broken(fault, connection::closing));
        this.since = since;
        if (token != null) {
            authenticate(token);
        }
    }

    /** Counts each frame, not each message: pings cost an answer, and crumbs of a message cost time. */
    private boolean admitted() {
        boolean admitted = rate.tryTake(System.nanoTime());
        if (!admitted) {
            connection.close(CloseCode.FLOODING);
            // What it sends from now on stays in its own buffers.
            socket.pause();
        }
        return admitted;
    }

    private void receive(String message) {
        try {
            handle(services.commands().read(message));
        } catch (InvalidCommandException invalid) {
            connection.reply(services.frames().invalid(invalid));
        }
    }

    private void handle(Command command) throws InvalidCommandException {
        if (command instanceof Command.Authenticate authenticate) {
            authenticate(authenticate.token());
        } else if (connection.identity() == null) {
            connection.close(CloseCode.UNAUTHENTICATED, "no token yet");
        } else if (command instanceof Command.Act act) {
            act(act);
        } else if (command instanceof Command.Acknowledge acknowledge) {
            services.connections().acknowledged(connection.identity().user(), acknowledge.upTo());
        } else if (command instanceof Command.Resume resume) {
            if (!connection.resume(resume.since())) {
                throw new InvalidCommandException(null, "type", "one resume at a time");
            }
        } else {
            connection.reply(services.frames().pong());
        }
    }

    private void act(Command.Act act) {
        String name = act.act().name().toLowerCase(Locale.ROOT);
        if (unanswered >= MAX_UNANSWERED) {
            services.meters().count(GatewayMetric.ACTS, name, "unavailable");
            connection.reply(services.frames().unavailable(act.id()));
            return;
        }
        unanswered++;
        Identity identity = connection.identity();
        InboxActed acted = InboxActed.newBuilder()
                .setTenant(identity.user().tenant())
                .setUser(identity.user().user())
                .setAct(act.act())
                .setSeqs(act.seqs())
                .setUpToSeq(act.upTo())
                .setDevice(identity.device())
                .setAt(Instant.ofEpochMilli(System.currentTimeMillis()))
                .build();
        services.log()
                .acted(acted)
                .whenComplete((receipt, failure) -> context.runOnContext(ignored -> {
                    unanswered--;
                    services.meters().count(GatewayMetric.ACTS, name, failure == null ? "ok" : "unavailable");
                    connection.reply(
                            failure == null
                                    ? services.frames().ok(act.id(), receipt)
                                    : services.frames().unavailable(act.id()));
                }));
    }

    private void authenticate(String token) {
        if (checking) {
            connection.reply(
                    services.frames().invalid(new InvalidCommandException(null, "type", "one auth at a time")));
            return;
        }
        checking = true;
        services.tokens()
                .check(token)
                .onComplete(checked -> context.runOnContext(nothing -> {
                    checking = false;
                    if (connection.isClosing()) {
                        return;
                    }
                    if (checked.failed()) {
                        TokenException refused = TokenException.from(checked.cause());
                        connection.close(
                                refused.isUndecided() ? CloseCode.TRY_LATER : CloseCode.UNAUTHENTICATED,
                                refused.isUndecided() ? CloseCode.TRY_LATER.reason() : refused.getMessage());
                    } else if (connection.identity() == null) {
                        connection.authenticated(checked.result(), since);
                    } else if (connection.identity().sameHolder(checked.result())) {
                        connection.renewed(checked.result());
                    } else {
                        connection.close(CloseCode.UNAUTHENTICATED, "token of somebody else");
                    }
                }));
    }
}
