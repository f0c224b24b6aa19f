package io.herald.topology.rules;

import io.herald.schema.Notification;
import io.herald.schema.Pair;
import io.herald.topology.identity.Ids;
import java.util.List;
import java.util.Optional;

/** What rules go by when they name values of an event. */
public final class EventValues {
    private static final String OBJECT = "object";

    private EventValues() {}

    /** Returns the value that an event has under a name; "object" also stands for what the event is about. */
    public static Optional<String> value(Notification notification, String name) {
        for (Pair pair : notification.getData()) {
            if (pair.getName().equals(name)) {
                return Optional.of(pair.getValue());
            }
        }
        return name.equals(OBJECT) ? Optional.ofNullable(notification.getObject()) : Optional.empty();
    }

    /**
     * Returns the same text for events that have the same values under {@code names}, and another one for all others: a
     * name without a value is not one with an empty value. Absent if there is no value at all, because events that have
     * nothing to be compared by are not alike.
     */
    public static Optional<String> fingerprint(Notification notification, List<String> names) {
        String[] parts = new String[2 * names.size()];
        boolean any = false;
        for (int at = 0; at < names.size(); at++) {
            Optional<String> value = value(notification, names.get(at));
            any |= value.isPresent();
            parts[2 * at] = names.get(at);
            parts[2 * at + 1] = value.orElse(null);
        }
        return any ? Optional.of(Ids.text(Ids.hash(parts))) : Optional.empty();
    }
}
