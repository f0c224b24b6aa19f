package io.herald.topology.guarantee;

import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** The inbox holds each notification once, and its seqs are 1, 2, 3 … as they were written. */
public final class GaplessInbox implements Guarantee {
    private final Faults faults = new Faults();
    private final Map<String, Long> lastSeq = new HashMap<>();
    private final Map<String, String> bySeq = new HashMap<>();
    private final Set<String> notifications = new HashSet<>();
    private int items;

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.INBOX_ITEM)) {
            return;
        }
        InboxKey at = Keys.read(InboxKey.class, key);
        String user = at.getTenant() + "/" + at.getUserId();
        if (value == null) {
            // What is gone may come again: an id is known for a day.
            notifications.remove(bySeq.remove(user + " " + at.getSeq()));
            return;
        }
        items++;
        long expected = lastSeq.getOrDefault(user, 0L) + 1;
        faults.unless(at.getSeq() == expected, user + " got seq " + at.getSeq() + " where " + expected + " was next");
        lastSeq.put(user, at.getSeq());
        String notification = ((InboxItem) value).getNotificationId();
        bySeq.put(user + " " + at.getSeq(), notification);
        faults.unless(notifications.add(notification), user + " got a notification twice, at seq " + at.getSeq());
    }

    @Override
    public void check() {
        faults.check();
    }

    /** Returns how many items users got. */
    public int items() {
        return items;
    }
}
