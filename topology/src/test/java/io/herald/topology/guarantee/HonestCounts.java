package io.herald.topology.guarantee;

import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.InboxUser;
import io.herald.schema.InboxUserKey;
import io.herald.schema.Realtime;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * The unread count that is told is that of the items and marks that were written, and versions only rise, where more
 * than that another write was heard is told. What is written together is only compared when all of it is there: topics
 * have no order between them.
 */
public final class HonestCounts implements Guarantee {
    private final Faults faults = new Faults();
    // Of each user, whether each of the items there are counts as unread.
    private final Map<String, TreeMap<Long, Boolean>> unread = new HashMap<>();
    private final Map<String, InboxUser> summaries = new HashMap<>();
    private final Map<String, Integer> toldInTable = new HashMap<>();
    private final Map<String, Integer> toldOnSocket = new HashMap<>();

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (topic.equals(Topics.INBOX_ITEM)) {
            InboxKey at = Keys.read(InboxKey.class, key);
            Map<Long, Boolean> items = of(at.getTenant() + "/" + at.getUserId());
            if (value == null) {
                items.remove(at.getSeq());
            } else {
                items.put(at.getSeq(), true);
            }
        } else if (topic.equals(Topics.INBOX_MARK) && value instanceof InboxMark mark) {
            InboxKey at = Keys.read(InboxKey.class, key);
            of(at.getTenant() + "/" + at.getUserId())
                    .replace(at.getSeq(), !mark.getRead() && !mark.getArchived() && !mark.getDismissed());
        } else if (topic.equals(Topics.INBOX_USER) && value instanceof InboxUser summary) {
            InboxUserKey at = Keys.read(InboxUserKey.class, key);
            String user = at.getTenant() + "/" + at.getUserId();
            toldInTable.put(user, summary.getUnread());
            InboxUser before = summaries.put(user, summary);
            faults.unless(
                    before == null || summary.getVersion() > before.getVersion() || isHeardAgain(before, summary),
                    user + " has version " + summary.getVersion() + " again");
        } else if (topic.equals(Topics.REALTIME)) {
            Realtime change = (Realtime) value;
            toldOnSocket.put(change.getTenant() + "/" + change.getUser(), change.getUnread());
        }
    }

    private static boolean isHeardAgain(InboxUser before, InboxUser after) {
        return !after.getHeard().equals(before.getHeard())
                && InboxUser.newBuilder(after)
                        .setHeard(before.getHeard())
                        .setChangedAt(before.getChangedAt())
                        .build()
                        .equals(before);
    }

    private void counts(String user, int told, String where) {
        long counted = of(user).values().stream().filter(isUnread -> isUnread).count();
        faults.unless(told == counted, user + " has " + counted + " unread, and " + told + " " + where);
    }

    private Map<Long, Boolean> of(String user) {
        return unread.computeIfAbsent(user, name -> new TreeMap<>());
    }

    @Override
    public void check() {
        toldInTable.forEach((user, told) -> counts(user, told, "in the table"));
        toldOnSocket.forEach((user, told) -> counts(user, told, "on the socket"));
        toldInTable.clear();
        toldOnSocket.clear();
        faults.check();
    }
}
