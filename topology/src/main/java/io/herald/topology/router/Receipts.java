package io.herald.topology.router;

import io.herald.schema.ContactChanged;
import io.herald.schema.DeviceChanged;
import io.herald.schema.InboxActed;
import io.herald.schema.Mail;
import io.herald.schema.Origin;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.SubscriptionChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.Heard;
import java.util.Map;

/** By which receipt whoever wrote a record of the mailbox knows it. */
final class Receipts {
    private static final Map<Class<?>, Topic> WRITTEN_BY_USERS = Map.of(
            InboxActed.class, Topics.INBOX_ACTED,
            PreferenceChanged.class, Topics.PREFERENCE_CHANGED,
            DeviceChanged.class, Topics.DEVICE_CHANGED,
            ContactChanged.class, Topics.CONTACT_CHANGED,
            SubscriptionChanged.class, Topics.SUBSCRIPTION_CHANGED);

    private Receipts() {}

    /** Returns the receipt; {@link Heard#NOTHING} for what users do not write, or what was put back from elsewhere. */
    static Heard of(Mail mail) {
        Topic topic = WRITTEN_BY_USERS.get(mail.getBody().getClass());
        Origin origin = mail.getOrigin();
        return topic == null || origin == null
                ? Heard.NOTHING
                : Heard.at(topic.name(), origin.getPartition(), origin.getOffset());
    }
}
