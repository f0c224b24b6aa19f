package io.herald.sender.email;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.sender.callback.RefusedCallbackException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What SNS posts, not yet checked.
 *
 * @param fields its texts, by name
 */
record SnsMessage(Map<String, String> fields) {
    /** Said twice, a name could mean one thing to the check of the signature and another to who comes after. */
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final String NOTIFICATION = "Notification";
    private static final String SUBSCRIPTION = "SubscriptionConfirmation";
    private static final String UNSUBSCRIPTION = "UnsubscribeConfirmation";
    private static final List<String> SIGNED_OF_NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> SIGNED_OF_CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

    /**
     * Reads a message.
     *
     * @throws RefusedCallbackException if it is none
     */
    static SnsMessage read(String body) throws RefusedCallbackException {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException malformed) {
            throw RefusedCallbackException.malformed("not JSON");
        }
        Map<String, String> fields = new HashMap<>();
        json.properties().forEach(field -> {
            if (field.getValue().isTextual()) {
                fields.put(field.getKey(), field.getValue().textValue());
            }
        });
        SnsMessage message = new SnsMessage(Map.copyOf(fields));
        boolean known = List.of(NOTIFICATION, SUBSCRIPTION, UNSUBSCRIPTION).contains(message.field("Type"));
        if (!known || message.topic().isEmpty()) {
            throw RefusedCallbackException.malformed("not a message of SNS");
        }
        return message;
    }

    boolean isNotification() {
        return field("Type").equals(NOTIFICATION);
    }

    boolean isSubscription() {
        return field("Type").equals(SUBSCRIPTION);
    }

    String topic() {
        return field("TopicArn");
    }

    /** Returns a text; empty if there is none. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /**
     * Returns when SNS was given it.
     *
     * @throws RefusedCallbackException if it does not say so
     */
    Instant timestamp() throws RefusedCallbackException {
        try {
            return Instant.parse(field("Timestamp"));
        } catch (DateTimeParseException none) {
            throw RefusedCallbackException.malformed("no timestamp");
        }
    }

    /** Returns what is signed: some names and texts in a set order, each on a line. */
    String signed() {
        StringBuilder text = new StringBuilder();
        for (String name : isNotification() ? SIGNED_OF_NOTIFICATION : SIGNED_OF_CONFIRMATION) {
            if (fields.containsKey(name)) {
                text.append(name).append('\n').append(field(name)).append('\n');
            }
        }
        return text.toString();
    }

    /** Keeps out what is about people. */
    @Override
    public String toString() {
        return "SnsMessage[" + field("Type") + "]";
    }
}
