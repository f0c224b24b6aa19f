package io.herald.local.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.local.story.Cast;
import io.herald.local.story.Cast.Member;
import io.herald.schema.NotificationRequested;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads what the composer sends, and the small requests beside it. Refuses what is not of the cast. */
final class EventForm {
    static final String SOURCE = "demo-page";
    static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_ID = 128;
    private static final Set<String> EVENT = Set.of("category", "actor", "recipient", "text", "eventId");
    private static final Set<String> TOKEN = Set.of("user", "device");

    private EventForm() {}

    /** Who asks for a token, and for which device. */
    record TokenRequest(String user, String device) {}

    /**
     * Reads an event. With an {@code eventId} it is that event again; otherwise a new one.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static NotificationRequested event(JsonNode form) {
        onlyFields(form, EVENT);
        String category = oneOf(form, "category", People.categories());
        String actor = text(form, "actor", LONGEST_ID);
        String recipient = member(form, "recipient").user();
        String words = text(form, "text", LONGEST_TEXT);
        String actorName = Optional.ofNullable(People.actors().get(actor))
                .orElseThrow(() -> new InvalidFieldException("actor", "nobody of that name is in the cast"));
        // No time of its own: the same form sent again must be the same event.
        return NotificationRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource(SOURCE)
                .setId(
                        form.has("eventId")
                                ? text(form, "eventId", LONGEST_ID)
                                : UUID.randomUUID().toString())
                .setRecipients(List.of(recipient))
                .setCategory(category)
                .setActor(actor)
                .setData(Map.of("actorName", actorName, "text", words))
                .build();
    }

    /**
     * Reads a request for a token.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static TokenRequest token(JsonNode form) {
        onlyFields(form, TOKEN);
        String user = member(form, "user").user();
        String device = text(form, "device", 64);
        if (!device.matches("[a-z0-9-]+")) {
            throw new InvalidFieldException("device", "must be of a-z, 0-9 and '-'");
        }
        return new TokenRequest(user, device);
    }

    /** Returns the member of the cast that {@code user} names. */
    static Member member(String field, String user) {
        return People.find(user)
                .orElseThrow(() -> new InvalidFieldException(field, "nobody of that name is in the cast"));
    }

    private static Member member(JsonNode form, String field) {
        return member(field, text(form, field, LONGEST_ID));
    }

    private static String oneOf(JsonNode form, String field, List<String> allowed) {
        String value = text(form, field, LONGEST_ID);
        if (!allowed.contains(value)) {
            throw new InvalidFieldException(field, "must be one of " + String.join(", ", allowed));
        }
        return value;
    }

    private static String text(JsonNode form, String field, int longest) {
        JsonNode value = form.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new InvalidFieldException(field, "must be a text that is not empty");
        }
        if (value.textValue().length() > longest) {
            throw new InvalidFieldException(field, "must not be longer than " + longest + " characters");
        }
        return value.textValue();
    }

    private static void onlyFields(JsonNode form, Set<String> known) {
        if (form == null || !form.isObject()) {
            throw new InvalidFieldException("body", "must be a JSON object");
        }
        form.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw new InvalidFieldException(field, "is not known here");
            }
        });
    }
}
