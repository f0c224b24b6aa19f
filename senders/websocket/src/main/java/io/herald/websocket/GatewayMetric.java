package io.herald.websocket;

import java.util.List;

/**
 * Every meter of the gateway. Tags take values from this code only, never from a client.
 *
 * <p>Equations: handshakes{accepted} = connections + sum of closes. Acts received = sum of acts over results, once all
 * are answered. Changes{delivered} ≤ frames{item, mark, user, dropped}.
 */
enum GatewayMetric {
    CONNECTIONS("herald.ws.connections", "sockets open now", "state"),
    OUTBOUND_BYTES("herald.ws.outbound.bytes", "bytes that wait for sockets", ""),
    HANDSHAKES("herald.ws.handshakes", "handshakes, by what came of them", "result"),
    TOKENS("herald.ws.tokens", "tokens checked, by what came of them", "result"),
    CLOSES("herald.ws.closes", "sockets closed, by who closed them and why", "code"),
    FRAMES("herald.ws.frames", "frames queued for clients, by type; dropped: a resync follows", "type"),
    RESUMES("herald.ws.resumes", "clients that came back, by what came of it", "result"),
    LEASE_LOST("herald.ws.lease.lost", "leases that Kafka did not take", ""),
    ACTS("herald.ws.acts", "acts received, by what came of them", "act result"),
    PRESENCE_LOST("herald.ws.presence.lost", "presence records that Kafka did not take", ""),
    SOCKET_REPORTS(
            "herald.ws.socket.reports", "answers to the router whether an item was shown, by what they said", "result"),
    CHANGES("herald.ws.changes", "changes read from Kafka, by what came of them", "result"),
    PUSH("herald.ws.push", "from the router's decision to the socket", "");

    private final String meter;
    private final String description;
    private final String tags;

    GatewayMetric(String meter, String description, String tags) {
        this.meter = meter;
        this.description = description;
        this.tags = tags;
    }

    String meter() {
        return meter;
    }

    String description() {
        return description;
    }

    List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(" ", -1));
    }
}
