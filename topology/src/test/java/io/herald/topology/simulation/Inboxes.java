package io.herald.topology.simulation;

import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.Mail;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Keys;
import io.herald.wire.UserKey;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** The inboxes as they were written, and what becomes of them when a user does something in one. */
final class Inboxes {
    private static final Set<InboxAct> DONE = EnumSet.of(InboxAct.READ, InboxAct.ARCHIVED, InboxAct.DISMISSED);

    private final Map<UserKey, TreeMap<Long, Set<InboxAct>>> items = new HashMap<>();
    private UserKey acting;
    private TreeMap<Long, Set<InboxAct>> expected;

    /** A record is read: what it does to an inbox is worked out before the router says so. */
    void read(Mail mail) {
        acting = null;
        if (mail.getBody() instanceof InboxActed act) {
            acting = new UserKey(act.getTenant(), act.getUser());
            expected = new TreeMap<>();
            of(acting).forEach((seq, flags) -> expected.put(seq, after(act, seq, flags)));
        }
    }

    void written(Topic topic, byte[] key, SpecificRecord value) {
        if (topic.equals(Topics.INBOX_ITEM)) {
            InboxKey at = Keys.read(InboxKey.class, key);
            UserKey user = new UserKey(at.getTenant(), at.getUserId());
            if (value instanceof InboxItem) {
                of(user).put(at.getSeq(), EnumSet.noneOf(InboxAct.class));
            } else {
                of(user).remove(at.getSeq());
            }
        } else if (topic.equals(Topics.INBOX_MARK) && value instanceof InboxMark mark) {
            InboxKey at = Keys.read(InboxKey.class, key);
            of(new UserKey(at.getTenant(), at.getUserId())).put(at.getSeq(), flags(mark));
        }
    }

    /** Everything that follows from the record is written. */
    void check(Consumer<String> fault) {
        if (acting != null && !of(acting).equals(expected)) {
            fault.accept("the inbox of " + acting + " should be " + expected + ", and is " + of(acting));
        }
    }

    boolean isDone(UserKey user, Long seq) {
        return seq != null && of(user).getOrDefault(seq, Set.of()).stream().anyMatch(DONE::contains);
    }

    boolean isSeen(UserKey user, Long seq) {
        return seq != null && of(user).getOrDefault(seq, Set.of()).contains(InboxAct.SEEN);
    }

    private Map<Long, Set<InboxAct>> of(UserKey user) {
        return items.computeIfAbsent(user, key -> new TreeMap<>());
    }

    private static Set<InboxAct> after(InboxActed act, long seq, Set<InboxAct> flags) {
        boolean meant = act.getSeqs().contains(seq) || (act.getUpToSeq() != null && seq <= act.getUpToSeq());
        if (!meant) {
            return flags;
        }
        Set<InboxAct> after = EnumSet.copyOf(flags);
        switch (act.getAct()) {
            case UNREAD -> after.remove(InboxAct.READ);
            case SEEN, ARCHIVED -> after.add(act.getAct());
            case READ, DISMISSED -> {
                after.add(InboxAct.SEEN);
                after.add(act.getAct());
            }
        }
        return after;
    }

    private static Set<InboxAct> flags(InboxMark mark) {
        Set<InboxAct> flags = EnumSet.noneOf(InboxAct.class);
        if (mark.getSeen()) {
            flags.add(InboxAct.SEEN);
        }
        if (mark.getRead()) {
            flags.add(InboxAct.READ);
        }
        if (mark.getArchived()) {
            flags.add(InboxAct.ARCHIVED);
        }
        if (mark.getDismissed()) {
            flags.add(InboxAct.DISMISSED);
        }
        return flags;
    }
}
