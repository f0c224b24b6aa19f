package io.herald.topology.guarantee;

import io.herald.schema.Broadcast;
import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Gate;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.Notification;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.address.Addresses;
import io.herald.wire.UserKey;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Users get nothing that they had opted out of, nothing of actors whom they had blocked, and nothing that they did
 * themselves; unless the rule of the category says that it passes.
 */
public final class NothingUnwanted implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();

    NothingUnwanted(History history) {
        this.history = history;
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (value instanceof Delivery delivery && !delivery.getSilent()) {
            hold(
                    new UserKey(delivery.getTenant(), delivery.getUser()),
                    delivery.getCategory(),
                    Addresses.channel(delivery.getRoute()),
                    delivery.getActor(),
                    delivery.getTopic(),
                    delivery.getObject());
        } else if (topic.equals(Topics.INBOX_ITEM) && value instanceof InboxItem item) {
            InboxKey at = Keys.read(InboxKey.class, key);
            UserKey user = new UserKey(at.getTenant(), at.getUserId());
            Optional<Notification> event = history.notification(user, item.getNotificationId());
            Optional<Broadcast> broadcast = history.broadcast(user, item.getNotificationId());
            hold(
                    user,
                    item.getCategory(),
                    Channel.INBOX,
                    item.getActor(),
                    broadcast.map(Broadcast::getTopic).orElse(null),
                    event.map(Notification::getObject)
                            .or(() -> broadcast.map(Broadcast::getObject))
                            .orElse(null));
        }
    }

    private void hold(UserKey user, String category, Channel channel, String actor, String about, String object) {
        Person person = history.person(user);
        String what = category + " on " + channel + " went to " + user;
        if (!passes(user, category, Gate.OPT_OUT)) {
            person.optedOut(category, channel, about, object)
                    .ifPresent(reason -> faults.add(what + ", who wants it not: " + reason));
        }
        if (actor != null && person.hasBlocked(actor) && !passes(user, category, Gate.BLOCK)) {
            faults.add(what + ", who has blocked " + actor);
        }
        if (user.user().equals(actor) && !passes(user, category, Gate.OWN_ACT)) {
            faults.add(what + ", who did it");
        }
    }

    private boolean passes(UserKey user, String category, Gate gate) {
        return history.rule(user, category).passes(gate);
    }

    @Override
    public void check() {
        faults.check();
    }
}
