package io.herald.topology.guarantee;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Gate;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.address.Addresses;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/**
 * Nothing is decided to be sent while the user is not to be disturbed, and no decision is good until then; unless the
 * rule of the category passes quiet hours.
 */
public final class NothingInQuietHours implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();

    NothingInQuietHours(History history) {
        this.history = history;
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (value instanceof Delivery delivery && !delivery.getSilent()) {
            UserKey user = new UserKey(delivery.getTenant(), delivery.getUser());
            if (!passes(user, delivery.getCategory())) {
                Channel channel = Addresses.channel(delivery.getRoute());
                Instant until = delivery.getValidUntil();
                for (Instant at = delivery.getDecidedAt(); at.isBefore(until); at = at.plus(Duration.ofMinutes(1))) {
                    hold(user, channel, at);
                }
                hold(user, channel, until.minusMillis(1));
            }
        } else if (topic.equals(Topics.INBOX_ITEM) && value instanceof InboxItem item) {
            InboxKey at = Keys.read(InboxKey.class, key);
            UserKey user = new UserKey(at.getTenant(), at.getUserId());
            if (!passes(user, item.getCategory())) {
                hold(user, Channel.INBOX, item.getCreatedAt());
            }
        }
    }

    private void hold(UserKey user, Channel channel, Instant at) {
        history.person(user)
                .silence(channel, at)
                .ifPresent(silence -> faults.add(user + " may get something on " + channel + " at " + at
                        + ", and is not to be disturbed until " + silence.until()));
    }

    private boolean passes(UserKey user, String category) {
        return history.rule(user, category).passes(Gate.QUIET_HOURS);
    }

    @Override
    public void check() {
        faults.check();
    }
}
