package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Channel;
import io.herald.schema.Hash16;
import io.herald.schema.Notification;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Pair;
import io.herald.schema.Reason;
import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks an event and expands its recipients into one notification each. Pure. */
final class NotificationIntake {
    private static final int MOST_RECIPIENTS = 100;
    private static final int MOST_DATA_BYTES = 64 * 1024;
    private static final Duration DEFAULT_LIFE = Duration.ofDays(3);
    private static final Duration LONGEST_LIFE = Duration.ofDays(28);

    private NotificationIntake() {}

    /** Returns one letter a distinct recipient, in the order of the list. */
    static List<Intake.Letter> expand(NotificationRequested event, Instant acceptedAt) {
        String tenant = Fields.tenant(event.getTenant());
        Fields.word("source", event.getSource());
        Fields.name("id", event.getId(), 128);
        Fields.word("category", event.getCategory());
        Fields.optionalName("actor", event.getActor(), 128);
        Fields.link("link", event.getLink());
        Fields.optionalName("collapseKey", event.getCollapseKey(), 64);
        if (event.getRecipients().isEmpty()) {
            throw invalid("recipients", "is empty");
        }
        Fields.atMost("recipients", event.getRecipients(), MOST_RECIPIENTS);

        List<Pair> data = data(event.getData());
        List<Channel> channels = event.getChannels() == null
                ? List.of()
                : event.getChannels().stream().distinct().sorted().toList();
        Hash16 content = content(event, data, channels);
        Instant occurredAt =
                event.getOccurredAt() == null || event.getOccurredAt().isAfter(acceptedAt)
                        ? acceptedAt
                        : event.getOccurredAt();

        List<Intake.Letter> letters = new ArrayList<>();
        for (String recipient : new LinkedHashSet<>(event.getRecipients())) {
            UserKey user = new UserKey(tenant, Fields.name("recipients", recipient, 128));
            letters.add(new Intake.Letter(
                    user,
                    Notification.newBuilder()
                            .setTenant(tenant)
                            .setUser(recipient)
                            .setNotificationId(Ids.notification(tenant, event.getSource(), event.getId(), recipient))
                            .setSource(event.getSource())
                            .setEventId(event.getId())
                            .setCategory(event.getCategory())
                            .setActor(event.getActor())
                            .setData(data)
                            .setChannels(channels)
                            .setLink(event.getLink())
                            .setCollapseKey(event.getCollapseKey())
                            .setOccurredAt(occurredAt)
                            .setExpiresAt(expiry(event.getExpiresAt(), acceptedAt))
                            .setContentHash(content)
                            .build()));
        }
        return letters;
    }

    private static List<Pair> data(Map<String, String> data) {
        if (data.size() > 64) {
            throw invalid("data", "has more than 64 entries");
        }
        List<Pair> pairs = new ArrayList<>();
        long size = 0;
        for (Map.Entry<String, String> entry : new TreeMap<>(data).entrySet()) {
            String name = Fields.name("data", entry.getKey(), 64);
            String value = Fields.text("data." + name, entry.getValue(), 4_096);
            size += name.getBytes(UTF_8).length + value.getBytes(UTF_8).length;
            pairs.add(new Pair(name, value));
        }
        if (size > MOST_DATA_BYTES) {
            throw new RefusedException(Reason.TOO_LARGE, "data", "is larger than 64 KB");
        }
        return pairs;
    }

    private static Instant expiry(Instant wanted, Instant acceptedAt) {
        Instant latest = acceptedAt.plus(LONGEST_LIFE);
        if (wanted == null) {
            return acceptedAt.plus(DEFAULT_LIFE);
        }
        return wanted.isAfter(latest) ? latest : wanted;
    }

    // Of what the producer said, before intake's clock touched it: a producer's repeat must hash the same.
    private static Hash16 content(NotificationRequested event, List<Pair> data, List<Channel> channels) {
        return Ids.hash(
                event.getCategory(),
                event.getActor(),
                data.toString(),
                channels.toString(),
                event.getLink(),
                event.getCollapseKey(),
                String.valueOf(event.getOccurredAt()),
                String.valueOf(event.getExpiresAt()));
    }
}
