package io.herald.topology.guarantee;

import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.Cancellation;
import io.herald.schema.Delivery;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.Notification;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Nothing is sent past its expiry, after its producer took it back, or to a user who was erased. */
public final class NothingTakenBack implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();

    NothingTakenBack(History history) {
        this.history = history;
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (value instanceof Delivery delivery) {
            UserKey user = new UserKey(delivery.getTenant(), delivery.getUser());
            lives(user, delivery.getDeliveryId(), delivery.getExpiresAt(), delivery.getDecidedAt());
            faults.unless(
                    !delivery.getValidUntil().isAfter(delivery.getExpiresAt())
                            && delivery.getValidUntil().isAfter(delivery.getDecidedAt()),
                    delivery.getDeliveryId() + " is valid until " + delivery.getValidUntil());
            if (!delivery.getSilent()) {
                wanted(user, delivery.getNotificationId(), delivery.getAttempt() == 1);
            }
        } else if (topic.equals(Topics.INBOX_ITEM) && value instanceof InboxItem item) {
            InboxKey at = Keys.read(InboxKey.class, key);
            UserKey user = new UserKey(at.getTenant(), at.getUserId());
            lives(user, item.getNotificationId(), item.getExpiresAt(), item.getCreatedAt());
            wanted(user, item.getNotificationId(), true);
        }
    }

    private void lives(UserKey user, String what, Instant expiresAt, Instant at) {
        faults.unless(expiresAt.isAfter(at), what + " expired at " + expiresAt + " and was sent at " + at);
        faults.unless(!history.person(user).isErased(), what + " went to " + user + ", who was erased");
    }

    private void wanted(UserKey user, String notification, boolean first) {
        faults.unless(!isTakenBack(user, notification), notification + " was taken back, and went to " + user);
        // What is out already of a broadcast is not called back.
        history.broadcast(user, notification)
                .filter(broadcast -> first)
                .filter(broadcast -> history.ofEveryone().stream()
                        .anyMatch(fact -> fact.what() instanceof BroadcastControlled control
                                && control.getAction() == BroadcastAction.CANCEL
                                && control.getTenant().equals(broadcast.getTenant())
                                && control.getSource().equals(broadcast.getSource())
                                && control.getId().equals(broadcast.getId())
                                && isBefore(broadcast, control)))
                .ifPresent(broadcast -> faults.add(broadcast.getId() + " was called off, and went to " + user));
    }

    private boolean isBefore(Object one, Object other) {
        List<Object> said =
                history.ofEveryone().stream().map(History.Fact::what).toList();
        return said.indexOf(one) < said.indexOf(other);
    }

    // A cancel by key means what has come before it; one by id also what comes after it, which is never decided.
    private boolean isTakenBack(UserKey user, String notification) {
        List<History.Fact> facts = history.facts(user);
        int taken = -1;
        Notification event = null;
        boolean back = false;
        for (int at = 0; at < facts.size(); at++) {
            Object what = facts.get(at).what();
            if (what instanceof Notification one && one.getNotificationId().equals(notification)) {
                event = event == null ? one : event;
            } else if (what instanceof History.Taken one && one.notificationId().equals(notification)) {
                taken = at;
                back = false;
            } else if (what instanceof Cancellation cancel && taken >= 0) {
                back |= notification.equals(cancel.getNotificationId())
                        || (event != null
                                && cancel.getCancelKey() != null
                                && cancel.getCancelKey().equals(event.getCancelKey())
                                && cancel.getSource().equals(event.getSource()));
            }
        }
        return back;
    }

    @Override
    public void check() {
        faults.check();
    }
}
