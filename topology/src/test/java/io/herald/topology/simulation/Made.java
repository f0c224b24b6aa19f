package io.herald.topology.simulation;

import io.herald.schema.Broadcast;
import io.herald.schema.DigestContent;
import io.herald.schema.Hash16;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.RuleChanged;
import io.herald.topology.digest.Digests;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Notifications that the router makes, of broadcasts and digests, and what a rule makes of those that come. */
final class Made {
    private static final Duration LIFE = Duration.ofDays(3);

    private Made() {}

    /** Returns a notification with the expiry that the rule gives it. */
    static Notification living(Notification what, RuleChanged terms) {
        if (what.getExpiryGiven() || terms.getExpiryMs() == null) {
            return what;
        }
        return Notification.newBuilder(what)
                .setExpiresAt(what.getExpiresAt().minus(LIFE).plusMillis(terms.getExpiryMs()))
                .build();
    }

    /** Returns what a broadcast is for a user; {@code started} null: it starts now. */
    static Notification broadcast(UserKey user, String id, Broadcast broadcast, Instant started, Instant now) {
        return Notification.newBuilder()
                .setTenant(user.tenant())
                .setUser(user.user())
                .setNotificationId(id)
                .setSource(broadcast.getSource())
                .setEventId(broadcast.getId())
                .setCategory(broadcast.getCategory())
                .setActor(broadcast.getActor())
                .setData(broadcast.getData())
                .setChannels(broadcast.getChannels())
                .setCollapseKey(broadcast.getCollapseKey())
                .setObject(broadcast.getObject())
                .setOccurredAt(broadcast.getAcceptedAt())
                .setExpiresAt(
                        broadcast.getExpiresAt() == null
                                ? (started == null ? now : started).plus(LIFE)
                                : broadcast.getExpiresAt())
                .setExpiryGiven(broadcast.getExpiresAt() != null)
                .setContentHash(broadcast.getContentHash())
                .setTopic(broadcast.getTopic())
                .setBroadcastId(broadcast.getId())
                .setLane(Lane.BULK)
                .build();
    }

    /** Returns what a digest is that is sent now. */
    static Notification digest(Buckets.Bucket bucket, Instant now) {
        Instant soonest = now.plus(Duration.ofDays(1));
        return Notification.newBuilder()
                .setTenant(bucket.user.tenant())
                .setUser(bucket.user.user())
                .setNotificationId(bucket.id)
                .setSource(Digests.SOURCE)
                .setEventId(bucket.id)
                .setCategory(bucket.category)
                .setData(bucket.members.get(0).getData())
                .setChannels(List.of(bucket.channel))
                .setObject(bucket.common(Notification::getObject))
                .setTopic(bucket.common(Notification::getTopic))
                .setOccurredAt(now)
                .setExpiresAt(bucket.expiresAt.isAfter(soonest) ? bucket.expiresAt : soonest)
                .setContentHash(new Hash16(new byte[16]))
                .setLane(bucket.lane)
                .setDigest(new DigestContent((long) bucket.members.size(), List.of()))
                .build();
    }

    /** Returns what a notification shares with those whose place it takes; null: it takes nobody's. */
    static String collapse(Notification notification, RuleChanged terms) {
        if (notification.getDigest() != null) {
            return null;
        }
        if (notification.getCollapseKey() != null) {
            return notification.getCategory() + " key " + notification.getCollapseKey();
        }
        String values = Buckets.values(notification, terms.getCollapseBy());
        return values == null ? null : notification.getCategory() + " by " + values;
    }
}
