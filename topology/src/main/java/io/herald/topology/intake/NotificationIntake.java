package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import io.herald.schema.Cancellation;
import io.herald.schema.Channel;
import io.herald.schema.Hash16;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Pair;
import io.herald.topology.identity.Ids;
import io.herald.topology.rules.Rule;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Checks events, and what takes them back, and expands their recipients into one letter each. Pure. */
final class NotificationIntake {
    private static final int MOST_RECIPIENTS = 100;

    private NotificationIntake() {}

    /**
     * Returns one letter a distinct recipient, in the order of the list.
     *
     * @param lane BULK for what came in on the bulk topic, else null: the rule says
     */
    static List<Intake.Letter> expand(NotificationRequested event, Lane lane, Instant acceptedAt) {
        String tenant = Fields.tenant(event.getTenant());
        Fields.word("source", event.getSource());
        Fields.name("id", event.getId(), 128);
        Fields.word("category", event.getCategory());
        Fields.optionalName("actor", event.getActor(), 128);
        Fields.link("link", event.getLink());
        Fields.optionalName("collapseKey", event.getCollapseKey(), 64);
        Fields.optionalName("object", event.getObject(), 128);
        Fields.optionalName("cancelKey", event.getCancelKey(), 64);

        List<Pair> data = EventFields.data(event.getData());
        List<Channel> channels = EventFields.channels(event.getChannels());
        Hash16 content = content(event, data, channels);
        Instant occurredAt =
                event.getOccurredAt() == null || event.getOccurredAt().isAfter(acceptedAt)
                        ? acceptedAt
                        : event.getOccurredAt();
        Instant sendAt = EventFields.sendAt(event.getSendAt(), acceptedAt);
        Instant begins = sendAt == null ? acceptedAt : sendAt;
        Instant expiry = EventFields.expiry(event.getExpiresAt(), event.getSendAt(), begins);

        List<Intake.Letter> letters = new ArrayList<>();
        for (UserKey user : recipients(tenant, event.getRecipients())) {
            letters.add(new Intake.Letter(
                    user,
                    Notification.newBuilder()
                            .setTenant(tenant)
                            .setUser(user.user())
                            .setNotificationId(Ids.notification(tenant, event.getSource(), event.getId(), user.user()))
                            .setSource(event.getSource())
                            .setEventId(event.getId())
                            .setCategory(event.getCategory())
                            .setActor(event.getActor())
                            .setData(data)
                            .setChannels(channels)
                            .setLink(event.getLink())
                            .setCollapseKey(event.getCollapseKey())
                            .setOccurredAt(occurredAt)
                            .setExpiresAt(expiry == null ? begins.plus(Rule.DEFAULT_LIFE) : expiry)
                            .setExpiryGiven(expiry != null)
                            .setSendAt(sendAt)
                            .setObject(event.getObject())
                            .setCancelKey(event.getCancelKey())
                            .setLane(lane)
                            .setContentHash(content)
                            .build()));
        }
        return letters;
    }

    /** Returns one letter a distinct recipient, in the order of the list. */
    static List<Intake.Letter> cancel(NotificationCancelled cancel) {
        String tenant = Fields.tenant(cancel.getTenant());
        String source = Fields.word("source", cancel.getSource());
        String id = Fields.optionalName("id", cancel.getId(), 128);
        String cancelKey = Fields.optionalName("cancelKey", cancel.getCancelKey(), 64);
        if (id == null && cancelKey == null) {
            throw invalid("id", "is missing, and there is no cancelKey");
        }
        if (id != null && cancelKey != null) {
            throw invalid("cancelKey", "is given beside id: one of them");
        }
        List<Intake.Letter> letters = new ArrayList<>();
        for (UserKey user : recipients(tenant, cancel.getRecipients())) {
            String notificationId = id == null ? null : Ids.notification(tenant, source, id, user.user());
            letters.add(
                    new Intake.Letter(user, new Cancellation(tenant, user.user(), source, notificationId, cancelKey)));
        }
        return letters;
    }

    private static List<UserKey> recipients(String tenant, List<String> recipients) {
        if (recipients.isEmpty()) {
            throw invalid("recipients", "is empty");
        }
        Fields.atMost("recipients", recipients, MOST_RECIPIENTS);
        return new LinkedHashSet<>(recipients)
                .stream()
                        .map(recipient -> new UserKey(tenant, Fields.name("recipients", recipient, 128)))
                        .toList();
    }

    // Of what the producer said, before intake's clock touched it: a producer's repeat must hash the same.
    private static Hash16 content(NotificationRequested event, List<Pair> data, List<Channel> channels) {
        return EventFields.content(
                data,
                event.getCategory(),
                event.getActor(),
                channels.toString(),
                event.getLink(),
                event.getCollapseKey(),
                EventFields.text(event.getOccurredAt()),
                EventFields.text(event.getExpiresAt()),
                EventFields.text(event.getSendAt()),
                event.getObject(),
                event.getCancelKey());
    }
}
