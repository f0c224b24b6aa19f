package io.herald.local.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.local.story.Cast;
import io.herald.local.story.Cast.Member;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import io.herald.simulator.Fault;
import io.herald.simulator.Weather;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Reads what the composer sends, and the small requests beside it. Refuses what is not of the cast. */
final class EventForm {
    static final String SOURCE = "demo-page";
    static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_ID = 128;
    private static final Set<String> EVENT = Set.of("category", "actor", "recipient", "text", "eventId");
    private static final Set<String> BROADCAST = Set.of("category", "actor", "text");
    private static final Set<String> QUIET = Set.of("user", "quiet");
    private static final Set<String> REPLY = Set.of("number", "text");
    private static final Set<String> FAULT = Set.of("provider", "fault", "percent");
    private static final Duration FAULT_DELAY = Duration.ofSeconds(2);
    private static final long FAULT_SEED = 1;
    private static final Set<String> TOKEN = Set.of("user", "device");

    private EventForm() {}

    /** What the owner of a number answers. */
    record ReplyRequest(String number, String text) {}

    /** How a provider is to fare. */
    record FaultRequest(String provider, Weather weather) {}

    /** Who asks for a token, and for which device. */
    record TokenRequest(String user, String device) {}

    /**
     * Reads an event. With an {@code eventId} it is that event again; otherwise a new one.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static NotificationRequested event(JsonNode form) {
        onlyFields(form, EVENT);
        String category = category(form);
        String actor = actor(form);
        String recipient = member(form, "recipient").user();
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
                .setData(data(form, actor))
                .build();
    }

    /**
     * Reads a broadcast to everyone.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static BroadcastRequested broadcast(JsonNode form) {
        onlyFields(form, BROADCAST);
        String category = category(form);
        String actor = actor(form);
        return BroadcastRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource(SOURCE)
                .setId(UUID.randomUUID().toString())
                .setCategory(category)
                .setActor(actor)
                .setData(data(form, actor))
                .build();
    }

    /**
     * Reads whether a member of the cast has quiet hours now.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static PreferenceChanged quiet(JsonNode form) {
        onlyFields(form, QUIET);
        String user = member(form, "user").user();
        if (!form.path("quiet").isBoolean()) {
            throw new InvalidFieldException("quiet", "must be true or false");
        }
        return Cast.quiet(user, form.get("quiet").booleanValue());
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

    /**
     * Reads what the owner of a number answers.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static ReplyRequest reply(JsonNode form) {
        onlyFields(form, REPLY);
        return new ReplyRequest(
                oneOf(form, "number", List.of(Cast.SMS_NUMBER)), oneOf(form, "text", List.of("STOP", "START")));
    }

    /**
     * Reads how a provider is to fare.
     *
     * @throws InvalidFieldException naming the first field that is wrong
     */
    static FaultRequest fault(JsonNode form, Providers providers) {
        onlyFields(form, FAULT);
        String provider =
                oneOf(form, "provider", List.copyOf(providers.simulators().keySet()));
        Fault fault = Fault.valueOf(
                oneOf(form, "fault", Stream.of(Fault.values()).map(Fault::name).toList()));
        JsonNode percent = form.path("percent");
        if (!percent.isInt() || percent.intValue() < 0 || percent.intValue() > 100) {
            throw new InvalidFieldException("percent", "must be 0 to 100");
        }
        return new FaultRequest(
                provider,
                fault == Fault.NONE
                        ? Weather.FINE
                        : Weather.of(fault).delay(FAULT_DELAY).percent(percent.intValue(), FAULT_SEED));
    }

    /** Returns the member of the cast that {@code user} names. */
    static Member member(String field, String user) {
        return People.find(user)
                .orElseThrow(() -> new InvalidFieldException(field, "nobody of that name is in the cast"));
    }

    private static Member member(JsonNode form, String field) {
        return member(field, text(form, field, LONGEST_ID));
    }

    private static String category(JsonNode form) {
        return oneOf(form, "category", People.categories());
    }

    private static String actor(JsonNode form) {
        String actor = text(form, "actor", LONGEST_ID);
        if (!People.actors().containsKey(actor)) {
            throw new InvalidFieldException("actor", "nobody of that name is in the cast");
        }
        return actor;
    }

    private static Map<String, String> data(JsonNode form, String actor) {
        return Map.of("actorName", People.actors().get(actor), "text", text(form, "text", LONGEST_TEXT));
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
