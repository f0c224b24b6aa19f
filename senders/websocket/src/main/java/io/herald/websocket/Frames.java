package io.herald.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.Identity;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;
import io.herald.schema.Realtime;
import java.time.Duration;

/** Writes what clients are told. Thread-safe. Times are milliseconds since 1970. */
final class Frames {
    private final ObjectMapper json = new ObjectMapper();
    private final String pong = text(json.createObjectNode().put("type", "pong"));
    private final String resync = text(json.createObjectNode().put("type", "resync"));

    /** The token was good; from now on everything that changes in the inbox is pushed. */
    String welcome(Identity identity, String connectionId, Duration heartbeat) {
        return text(json.createObjectNode()
                .put("type", "welcome")
                .put("user", identity.user().user())
                .put("device", identity.device())
                .put("connection", connectionId)
                .put("heartbeatMs", heartbeat.toMillis())
                .put("validUntil", identity.validUntil().toEpochMilli()));
    }

    /** The token was renewed. */
    String renewed(Identity identity) {
        return text(json.createObjectNode()
                .put("type", "renewed")
                .put("validUntil", identity.validUntil().toEpochMilli()));
    }

    /** Kafka has the act with this id. */
    String ok(String id) {
        return text(json.createObjectNode().put("type", "ok").put("id", id));
    }

    /** A message was no command. */
    String invalid(InvalidCommandException invalid) {
        return error(invalid.id(), "invalid")
                .put("field", invalid.field())
                .put("message", invalid.getMessage())
                .toString();
    }

    /** The act with this id may or may not be in Kafka. Acts may be repeated: send it again later. */
    String unavailable(String id) {
        return error(id, "unavailable").put("message", "try again later").toString();
    }

    String pong() {
        return pong;
    }

    /** Changes may have been missed: read the inbox anew. */
    String resync() {
        return resync;
    }

    /** Returns the frame for a change of an inbox. */
    String change(Realtime change) {
        ObjectNode frame = json.createObjectNode();
        frame.put("type", type(change))
                .put("unread", change.getUnread())
                .put("lastSeq", change.getLastSeq())
                .put("at", change.getAt().toEpochMilli());
        change.getSeqs().forEach(frame.putArray("seqs")::add);
        if (change.getItem() != null) {
            // An item is always one.
            frame.put("seq", change.getSeqs().get(0));
            frame.set("item", item(change.getItem()));
        }
        if (change.getMark() != null) {
            frame.set("mark", mark(change.getMark()));
        }
        return text(frame);
    }

    /** Returns what a change is called: {@code item}, {@code mark}, or {@code user} where only the summary changed. */
    static String type(Realtime change) {
        if (change.getItem() != null) {
            return "item";
        }
        return change.getMark() == null ? "user" : "mark";
    }

    private ObjectNode item(InboxItem item) {
        return json.createObjectNode()
                .put("notificationId", item.getNotificationId())
                .put("category", item.getCategory())
                .put("actor", item.getActor())
                .put("title", item.getTitle())
                .put("body", item.getBody())
                .put("link", item.getLink())
                .put("createdAt", item.getCreatedAt().toEpochMilli())
                .put("expiresAt", item.getExpiresAt().toEpochMilli());
    }

    private ObjectNode mark(InboxMark mark) {
        return json.createObjectNode()
                .put("version", mark.getVersion())
                .put("seen", mark.getSeen())
                .put("read", mark.getRead())
                .put("archived", mark.getArchived())
                .put("dismissed", mark.getDismissed())
                .put("changedAt", mark.getChangedAt().toEpochMilli());
    }

    private ObjectNode error(String id, String code) {
        ObjectNode error = json.createObjectNode().put("type", "error").put("code", code);
        if (id != null) {
            error.put("id", id);
        }
        return error;
    }

    private String text(ObjectNode frame) {
        try {
            return json.writeValueAsString(frame);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
