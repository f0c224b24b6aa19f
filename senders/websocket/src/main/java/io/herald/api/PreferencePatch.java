package io.herald.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.http.JsonFields;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.schema.ActorBlock;
import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DigestPreference;
import io.herald.schema.Frequency;
import io.herald.schema.OptOut;
import io.herald.schema.Overflow;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.QuietWindow;
import io.herald.schema.Weekday;
import io.herald.wire.UserKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Makes a change of preferences of what a caller sent. Its shape is checked here; what the values may be is for
 * intake's rules to say.
 *
 * <p>What is absent stays as it is. A list that is a setting as a whole, quiet hours and caps, replaces the one before,
 * and null empties it; of the lists of switches each entry replaces the one about the same, as of two windows of one
 * page none may undo what the other did (RFC 7396 would replace them as a whole).
 */
final class PreferencePatch {
    private static final int LONGEST = 1_000;
    private static final int MOST = 1_000;
    /** As far as ISO 8601 goes without a sign; Java's own end does not fit into milliseconds. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private PreferencePatch() {}

    static PreferenceChanged of(UserKey user, JsonFields body) {
        PreferenceChanged change = PreferenceChanged.newBuilder()
                .setTenant(user.tenant())
                .setUser(user.user())
                .setLocale(body.optionalText("locale", LONGEST))
                .setDisplayName(body.optionalText("displayName", LONGEST))
                .setZone(body.optionalText("zone", LONGEST))
                .setQuietHours(whole(body, "quietHours", PreferencePatch::quietWindow))
                .setDoNotDisturbUntil(until(body))
                .setOptOuts(list(body, "optOuts", PreferencePatch::optOut))
                .setBlockedActors(list(body, "blockedActors", PreferencePatch::block))
                .setDigests(list(body, "digests", PreferencePatch::digest))
                .setCaps(whole(body, "caps", PreferencePatch::cap))
                .build();
        body.end();
        return change;
    }

    private static QuietWindow quietWindow(JsonFields window) {
        return QuietWindow.newBuilder()
                .setDays(names(window, "days", Weekday.class))
                .setStartMinute(minute(window, "startMinute"))
                .setEndMinute(minute(window, "endMinute"))
                .setChannels(names(window, "channels", Channel.class))
                .build();
    }

    private static OptOut optOut(JsonFields one) {
        return OptOut.newBuilder()
                .setCategory(one.optionalText("category", LONGEST))
                .setChannel(optionalName(one, "channel", Channel.class))
                .setTopic(one.optionalText("topic", LONGEST))
                .setObject(one.optionalText("object", LONGEST))
                .setOptedOut(one.flag("optedOut", true))
                .build();
    }

    private static ActorBlock block(JsonFields one) {
        return new ActorBlock(one.text("actor", LONGEST), one.flag("blocked", true));
    }

    private static DigestPreference digest(JsonFields one) {
        Long minute = one.optionalNumber("minute", 0, Integer.MAX_VALUE);
        DigestPreference.Builder digest = DigestPreference.newBuilder()
                .setCategory(one.optionalText("category", LONGEST))
                .setFrequency(name(one, "frequency", Frequency.class))
                .setWeekday(optionalName(one, "weekday", Weekday.class));
        if (minute != null) {
            digest.setMinute(minute.intValue());
        }
        return digest.build();
    }

    private static Cap cap(JsonFields one) {
        return Cap.newBuilder()
                .setChannel(optionalName(one, "channel", Channel.class))
                .setAcrossCategories(one.has("acrossCategories") ? one.flag("acrossCategories", true) : null)
                .setMost((int) one.number("most", 0, Integer.MAX_VALUE))
                .setWindowMs(one.number("windowMs", 0, Long.MAX_VALUE))
                .setOverflow(name(one, "overflow", Overflow.class))
                .build();
    }

    private static Instant until(JsonFields body) {
        JsonNode given = body.given("doNotDisturbUntil");
        if (given == null) {
            return null;
        }
        if (given.isNull()) {
            return Instant.EPOCH;
        }
        Instant until = instant(given.asText());
        if (until == null || until.isBefore(Instant.EPOCH) || until.isAfter(LATEST)) {
            throw body.invalid("doNotDisturbUntil", "Must be a time such as 2026-03-01T12:00:00Z, or null.");
        }
        return until;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    private static int minute(JsonFields window, String name) {
        return (int) window.number(name, 0, Integer.MAX_VALUE);
    }

    /** Returns all of a setting; null where it stays as it is. */
    private static <T> List<T> whole(JsonFields body, String name, Function<JsonFields, T> entry) {
        return body.given(name) == null ? null : list(body, name, entry);
    }

    private static <T> List<T> list(JsonFields body, String name, Function<JsonFields, T> entry) {
        List<JsonNode> given = body.list(name, MOST);
        List<T> entries = new ArrayList<>();
        for (int index = 0; index < given.size(); index++) {
            JsonFields fields = JsonFields.of(given.get(index), body.pointer(name) + "/" + index);
            entries.add(entry.apply(fields));
            fields.end();
        }
        return entries;
    }

    private static <E extends Enum<E>> List<E> names(JsonFields fields, String name, Class<E> type) {
        return fields.list(name, MOST).stream()
                .map(value -> named(fields, name, value.asText(), type))
                .toList();
    }

    /** Returns the name that a field has. */
    static <E extends Enum<E>> E name(JsonFields fields, String name, Class<E> type) {
        return named(fields, name, fields.text(name, LONGEST), type);
    }

    private static <E extends Enum<E>> E optionalName(JsonFields fields, String name, Class<E> type) {
        return fields.has(name) ? name(fields, name, type) : null;
    }

    private static <E extends Enum<E>> E named(JsonFields fields, String name, String text, Class<E> type) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(text)) {
                return value;
            }
        }
        throw new ProblemException(Problem.invalid(
                fields.pointer(name), "Must be one of " + Arrays.toString(type.getEnumConstants()) + "."));
    }
}
