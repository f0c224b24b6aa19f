package io.herald.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.Identity;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;
import io.herald.schema.Realtime;
import io.herald.wire.Heard;
import java.time.Duration;

/** Writes what clients are told. Thread-safe. Times are milliseconds since 1970. */
final class Frames {
    private final ObjectMapper json = new ObjectMapper();
    private final Frame pong = frame(json.createObjectNode().put("type", "pong"));
    private final Frame resync = frame(json.createObjectNode().put("type", "resync"));

    /** The token was good; from now on everything that changes in the inbox is pushed. */
    Frame welcome(Identity identity, String connectionId, Duration heartbeat) {
        return frame(json.createObjectNode()
                .put("type", "welcome")
                .put("user", identity.user().user())
                .put("device", identity.device())
                .put("connection", connectionId)
                .put("heartbeatMs", heartbeat.toMillis())
                .put("validUntil", identity.validUntil().toEpochMilli()));
    }

    /** The token was renewed. */
    Frame renewed(Identity identity) {
        return frame(json.createObjectNode()
                .put("type", "renewed")
                .put("validUntil", identity.validUntil().toEpochMilli()));
    }

    /** Kafka has the act with this id, and where. */
    Frame ok(String id, Heard receipt) {
        return frame(json.createObjectNode().put("type", "ok").put("id", id).put("receipt", receipt.toString()));
    }

    /** A message was no command. */
    Frame invalid(InvalidCommandException invalid) {
        return frame(
                error(invalid.id(), "invalid").put("field", invalid.field()).put("message", invalid.getMessage()));
    }

    /** The act with this id may or may not be in Kafka. Acts may be repeated: send it again later. */
    Frame unavailable(String id) {
        return frame(error(id, "unavailable").put("message", "try again later"));
    }

    Frame pong() {
        return pong;
    }

    /** Changes may have been missed: read the inbox anew. */
    Frame resync() {
        return resync;
    }

    /** As {@link #resync()}; what is read is complete once it goes up to {@code lastSeq}. */
    Frame resync(long lastSeq) {
        return frame(json.createObjectNode().put("type", "resync").put("lastSeq", lastSeq));
    }

    /** Returns the frame for a change of an inbox. */
    Frame change(Realtime change) {
        ObjectNode frame = json.createObjectNode();
        frame.put("type", type(change))
                .put("unread", change.getUnread())
                .put("lastSeq", change.getLastSeq())
                .put("at", change.getAt().toEpochMilli());
        change.getSeqs().forEach(frame.putArray("seqs")::add);
        long seq = 0;
        if (change.getItem() != null) {
            // An item is always one.
            seq = change.getSeqs().get(0);
            frame.put("seq", seq);
            frame.set("item", item(change.getItem()));
        }
        if (change.getMark() != null) {
            frame.set("mark", mark(change.getMark()));
        }
        if (change.getVersion() != null) {
            frame.put("version", change.getVersion());
        }
        return Frame.of(type(change), text(frame), seq, position(change));
    }

    /** The client has everything up to here; changes come as they happen from now on. */
    Frame caughtUp(Missed.Changes missed, long seq) {
        ObjectNode frame = json.createObjectNode()
                .put("type", "caught_up")
                .put("seq", seq)
                .put("version", missed.version())
                .put("epoch", missed.epoch())
                .put("unread", missed.unread());
        return Frame.of("caught_up", text(frame), 0, new Position(seq, missed.version(), missed.epoch()).toString());
    }

    /** The client is closed soon: it had better come back by itself, after this time. */
    Frame reconnect(Duration after) {
        return frame(json.createObjectNode().put("type", "reconnect").put("afterMs", after.toMillis()));
    }

    /** Changes come in their order, so who has one has all up to its {@code lastSeq}. */
    private static String position(Realtime change) {
        Long version = change.getVersion();
        return version == null ? null : new Position(change.getLastSeq(), version, null).toString();
    }

    /** Returns what a change is called: {@code item}, {@code mark}, or {@code user} where only the summary changed. */
    private static String type(Realtime change) {
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

    private Frame frame(ObjectNode frame) {
        return Frame.of(frame.get("type").textValue(), text(frame), 0, null);
    }

    private String text(ObjectNode frame) {
        try {
            return json.writeValueAsString(frame);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
