package io.herald.local.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Transition;
import java.time.Instant;

/** Writes the ledger for readers. Times are milliseconds since 1970; enums keep their names; absent is absent. */
final class LedgerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerJson() {}

    static ObjectNode entry(LedgerEntry entry, Instant seen) {
        ObjectNode node = JSON.createObjectNode()
                .put("at", entry.getAt().toEpochMilli())
                .put("seenAt", seen.toEpochMilli())
                .put("user", entry.getUser())
                .put("notificationId", entry.getNotificationId())
                .put("mailboxPartition", entry.getMailboxPartition())
                .put("mailboxOffset", entry.getMailboxOffset());
        if (entry.getBody() instanceof Decision decision) {
            decision(node, decision);
        } else if (entry.getBody() instanceof Transition transition) {
            transition(node, transition);
        }
        return node;
    }

    static ObjectNode letter(DeadLetter letter, Instant seen) {
        ObjectNode node = JSON.createObjectNode()
                .put("at", letter.getAt().toEpochMilli())
                .put("seenAt", seen.toEpochMilli())
                .put("kind", "dead-letter")
                .put("reason", letter.getReason().name())
                .put("detail", letter.getDetail())
                .put("stage", letter.getStage())
                .put("topic", letter.getTopic())
                .put("partition", letter.getPartition())
                .put("offset", letter.getOffset())
                .put("length", letter.getLength());
        put(node, "field", letter.getField());
        put(node, "notificationId", letter.getNotificationId());
        put(node, "deliveryId", letter.getDeliveryId());
        return node;
    }

    static ObjectNode quiet(String user, boolean is) {
        return JSON.createObjectNode().put("user", user).put("quiet", is);
    }

    private static void decision(ObjectNode node, Decision decision) {
        node.put("kind", "decision")
                .put("source", decision.getSource())
                .put("category", decision.getCategory())
                .put("profileVersion", decision.getProfileVersion())
                .put("ruleVersion", decision.getRuleVersion())
                .put("again", decision.getAgain());
        if (decision.getSeq() != null) {
            node.put("seq", decision.getSeq());
        }
        if (decision.getFirstOffset() != null) {
            node.put("firstOffset", decision.getFirstOffset());
        }
        put(node, "reason", decision.getReason());
        put(node, "digest", decision.getDigest());
        ArrayNode verdicts = node.putArray("verdicts");
        for (ChannelVerdict verdict : decision.getVerdicts()) {
            ObjectNode one = verdicts.addObject()
                    .put("channel", verdict.getChannel().name())
                    .put("state", verdict.getState().name());
            put(one, "reason", verdict.getReason());
            put(one, "detail", verdict.getDetail());
            put(one, "route", verdict.getRoute());
            put(one, "addressId", verdict.getAddressId());
            put(one, "deliveryId", verdict.getDeliveryId());
            put(one, "dueAt", verdict.getDueAt());
        }
    }

    private static void transition(ObjectNode node, Transition transition) {
        node.put("kind", "transition")
                .put("deliveryId", transition.getDeliveryId())
                .put("route", transition.getRoute().name())
                .put("addressId", transition.getAddressId())
                .put("attempt", transition.getAttempt())
                .put("state", transition.getState().name())
                .put("late", transition.getLate());
        put(node, "reason", transition.getReason());
        put(node, "detail", transition.getDetail());
        put(node, "providerId", transition.getProviderId());
        put(node, "receipt", transition.getReceipt());
        put(node, "dueAt", transition.getDueAt());
    }

    private static void put(ObjectNode node, String name, String text) {
        if (text != null) {
            node.put(name, text);
        }
    }

    private static void put(ObjectNode node, String name, Instant time) {
        if (time != null) {
            node.put(name, time.toEpochMilli());
        }
    }

    private static void put(ObjectNode node, String name, Enum<?> value) {
        if (value != null) {
            node.put(name, value.name());
        }
    }
}
