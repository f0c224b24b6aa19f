package io.herald.topology.digest;

import io.herald.schema.Channel;
import io.herald.schema.Digest;
import io.herald.schema.DigestContent;
import io.herald.schema.DigestItem;
import io.herald.schema.DigestPreference;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Pair;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.Weekday;
import io.herald.topology.identity.Ids;
import io.herald.topology.rules.EventValues;
import io.herald.topology.rules.Rule;
import io.herald.topology.timing.DigestTimes;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Collects notifications into one. A digest counts all of them and shows the first. */
public final class Digests {
    /** Who says what a digest says. */
    public static final String SOURCE = "herald.digest";

    /** The most notifications that a digest shows; fewer where they have much to say. */
    public static final int MOST_ITEMS = 50;

    // A state value has to fit into one record of Kafka, at up to three bytes a character.
    private static final int MOST_CHARACTERS = 128 * 1024;

    // A digest that comes due after an outage is still worth sending.
    private static final Duration SHORTEST_LIFE = Duration.ofDays(1);

    private Digests() {}

    /**
     * How notifications are collected.
     *
     * @param minute of the day; of the hour for HOURLY
     * @param weekday for WEEKLY; null: Monday
     * @param windowMs for WINDOW
     * @param key those with the same one go into the same digest
     * @param sendFirst whether the first is sent at once, and only what follows it is collected
     */
    public record Terms(
            Frequency frequency, int minute, Weekday weekday, long windowMs, String key, boolean sendFirst) {}

    /**
     * Says how a notification is collected on a channel, or nothing if it is sent at once: as the user wants it for the
     * category, else for all categories, else as the rule says. Only where the rule has a digest at all.
     */
    public static Optional<Terms> terms(Rule rule, Profile profile, Notification notification, Channel channel) {
        DigestRule digest = rule.terms().getDigest();
        if (digest == null
                || notification.getDigest() != null
                || !digest.getChannels().contains(channel)) {
            return Optional.empty();
        }
        Optional<DigestPreference> wanted = preference(profile, notification.getCategory())
                .filter(preference -> preference.getFrequency() != Frequency.WINDOW);
        Frequency frequency = wanted.map(DigestPreference::getFrequency).orElse(digest.getFrequency());
        if (frequency == Frequency.IMMEDIATE) {
            return Optional.empty();
        }
        return Optional.of(new Terms(
                frequency,
                wanted.map(DigestPreference::getMinute).orElse(digest.getMinute()),
                wanted.isPresent() ? wanted.get().getWeekday() : digest.getWeekday(),
                digest.getWindowMs(),
                key(rule, notification),
                frequency == Frequency.WINDOW && digest.getSendFirst()));
    }

    /** Returns what notifications that go into the same digest share. */
    public static String key(Rule rule, Notification notification) {
        DigestRule digest = rule.terms().getDigest();
        List<String> by = digest == null ? List.of() : digest.getBy();
        return EventValues.fingerprint(notification, by).orElse("");
    }

    /** Returns a new digest with nothing in it yet, for {@code notification} and those that follow it. */
    public static Digest open(
            Notification notification, Channel channel, Terms terms, Lane lane, Instant now, String zone) {
        return Digest.newBuilder()
                .setTenant(notification.getTenant())
                .setCategory(notification.getCategory())
                .setKey(terms.key())
                .setChannel(channel)
                .setDigestId(Ids.digest(
                        notification.getTenant(),
                        notification.getUser(),
                        notification.getCategory(),
                        terms.key(),
                        channel,
                        now))
                .setOpenedAt(now)
                .setDue(DigestTimes.due(
                        terms.frequency(), terms.minute(), terms.weekday(), terms.windowMs(), zone, now))
                .setCount(0)
                .setItems(List.of())
                .setExpiresAt(notification.getExpiresAt())
                .setLane(lane)
                .setFrequency(terms.frequency())
                .build();
    }

    /** Returns {@code digest} with one more notification; the digest given is not touched. */
    public static Digest add(Digest digest, Notification notification, Instant now) {
        List<DigestItem> items = digest.getItems();
        DigestItem item = item(notification, now);
        if (items.size() < MOST_ITEMS && characters(items) + characters(item) <= MOST_CHARACTERS) {
            items = new ArrayList<>(items);
            items.add(item);
        }
        Instant expiresAt = notification.getExpiresAt().isAfter(digest.getExpiresAt())
                ? notification.getExpiresAt()
                : digest.getExpiresAt();
        return with(digest, digest.getCount() + 1, items, expiresAt);
    }

    private static DigestItem item(Notification notification, Instant now) {
        return DigestItem.newBuilder()
                .setNotificationId(notification.getNotificationId())
                .setSource(notification.getSource())
                .setEventId(notification.getEventId())
                .setAt(now)
                .setActor(notification.getActor())
                .setValues(notification.getData())
                .setCancelKey(notification.getCancelKey())
                .setLink(notification.getLink())
                .setObject(notification.getObject())
                .setTopic(notification.getTopic())
                .build();
    }

    private static int characters(List<DigestItem> items) {
        return items.stream().mapToInt(Digests::characters).sum();
    }

    // Of what may be long; the names of things are bounded by how many items there are.
    private static int characters(DigestItem item) {
        int characters = item.getLink() == null ? 0 : item.getLink().length();
        for (Pair pair : item.getValues()) {
            characters += pair.getName().length() + pair.getValue().length();
        }
        return characters;
    }

    /**
     * Returns {@code digest} without a notification; nothing if it does not show it: then either it never was in there,
     * or nobody remembers whether it was.
     */
    public static Optional<Digest> remove(Digest digest, String notificationId) {
        List<DigestItem> items = digest.getItems().stream()
                .filter(item -> !item.getNotificationId().equals(notificationId))
                .toList();
        int removed = digest.getItems().size() - items.size();
        return removed == 0
                ? Optional.empty()
                : Optional.of(with(digest, digest.getCount() - removed, new ArrayList<>(items), digest.getExpiresAt()));
    }

    /**
     * What is left of a digest.
     *
     * @param digest without what is gone
     * @param gone what it showed and does not any more, in its order
     */
    public record Left(Digest digest, List<Gone> gone) {}

    /**
     * A notification that left its digest.
     *
     * @param reason why
     */
    public record Gone(DigestItem item, Reason reason) {}

    /**
     * Takes out of a digest what its user has come not to want since it went in: a thread that was muted, an actor who
     * was blocked. What is counted and not shown stays, because nobody remembers what it was about.
     *
     * @param unwanted says why something is not wanted, or nothing if it is
     */
    public static Left without(Digest digest, Function<DigestItem, Optional<Reason>> unwanted) {
        Digest left = digest;
        List<Gone> gone = new ArrayList<>();
        for (DigestItem item : digest.getItems()) {
            Optional<Reason> reason = unwanted.apply(item);
            if (reason.isPresent()) {
                left = remove(left, item.getNotificationId()).orElse(left);
                gone.add(new Gone(item, reason.get()));
            }
        }
        return new Left(left, gone);
    }

    /**
     * Returns the notification that a digest becomes when it is due. It has the values of the first in it, and the
     * link, object and topic that all that it shows have in common.
     */
    public static Notification notification(Digest digest, UserKey user, Instant now) {
        List<DigestItem> items = digest.getItems();
        Instant soonest = now.plus(SHORTEST_LIFE);
        return Notification.newBuilder()
                .setTenant(user.tenant())
                .setUser(user.user())
                .setNotificationId(digest.getDigestId())
                .setSource(SOURCE)
                .setEventId(digest.getDigestId())
                .setCategory(digest.getCategory())
                .setData(items.isEmpty() ? List.of() : items.get(0).getValues())
                .setChannels(List.of(digest.getChannel()))
                .setLink(common(items, DigestItem::getLink))
                .setObject(common(items, DigestItem::getObject))
                .setTopic(common(items, DigestItem::getTopic))
                .setOccurredAt(now)
                .setExpiresAt(digest.getExpiresAt().isAfter(soonest) ? digest.getExpiresAt() : soonest)
                .setExpiryGiven(true)
                .setContentHash(Ids.hash("digest", digest.getDigestId()))
                .setLane(digest.getLane())
                .setDigest(new DigestContent(digest.getCount(), items))
                .build();
    }

    /** Returns the id under which a digest waits. */
    public static String agendaId(Digest digest) {
        return id(digest.getCategory(), digest.getKey(), digest.getChannel());
    }

    /** Returns the id under which the digest of a category, a key and a channel waits for a user: one at a time. */
    public static String id(String category, String key, Channel channel) {
        return Ids.bucket(category, key, channel);
    }

    private static Optional<DigestPreference> preference(Profile profile, String category) {
        DigestPreference found = null;
        for (DigestPreference preference : profile.getDigests()) {
            if (category.equals(preference.getCategory())) {
                return Optional.of(preference);
            }
            if (preference.getCategory() == null) {
                found = preference;
            }
        }
        return Optional.ofNullable(found);
    }

    private static String common(List<DigestItem> items, Function<DigestItem, String> what) {
        List<String> values = items.stream().map(what).distinct().toList();
        return values.size() == 1 ? values.get(0) : null;
    }

    // A builder would copy every item, deeply, for each that is added; items are never changed.
    private static Digest with(Digest digest, long count, List<DigestItem> items, Instant expiresAt) {
        return new Digest(
                digest.getTenant(),
                digest.getCategory(),
                digest.getKey(),
                digest.getChannel(),
                digest.getDigestId(),
                digest.getOpenedAt(),
                digest.getDue(),
                count,
                items,
                expiresAt,
                digest.getLane(),
                digest.getFrequency());
    }
}
