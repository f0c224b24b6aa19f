package io.herald.topology.inbox;

import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One user's inbox as the router keeps it: the highest seq and a byte of flags for each of the newest {@value #KEPT}
 * items. A draft: made from the state, changed by one plan, written back with it.
 *
 * <p>Seqs are 1, 2, 3 … without gaps. The unread count is counted from the flags whenever it is asked for, so it cannot
 * drift from them.
 */
public final class Inbox {
    /** How many items an inbox keeps. */
    public static final int KEPT = 100;

    static final byte SEEN = 1;
    static final byte READ = 2;
    static final byte ARCHIVED = 4;
    static final byte DISMISSED = 8;

    private long version;
    private long lastSeq;
    private byte[] marks;
    private long seenUpTo;
    private long readUpTo;

    public Inbox(long version, long lastSeq, byte[] marks, long seenUpTo, long readUpTo) {
        this.version = version;
        this.lastSeq = lastSeq;
        this.marks = marks;
        this.seenUpTo = seenUpTo;
        this.readUpTo = readUpTo;
    }

    /** Adds an unread item and returns the seq of the item that had to go for it, if one had to. */
    public OptionalLong add() {
        version++;
        lastSeq++;
        if (marks.length < KEPT) {
            marks = Arrays.copyOf(marks, marks.length + 1);
            return OptionalLong.empty();
        }
        marks = Arrays.copyOfRange(marks, 1, KEPT + 1);
        return OptionalLong.of(lastSeq - KEPT);
    }

    /**
     * Takes in what a user did.
     *
     * @return the items that changed, by seq, with the flags they have now; items that are no longer kept, or already
     *     were so, are not among them
     */
    public Map<Long, Flags> act(InboxActed act) {
        long upTo = act.getUpToSeq() == null ? 0 : Math.min(act.getUpToSeq(), lastSeq);
        Map<Long, Flags> changed = new TreeMap<>();
        for (long seq = firstSeq(); seq <= lastSeq; seq++) {
            if (seq <= upTo || act.getSeqs().contains(seq)) {
                byte before = marks[index(seq)];
                byte after = apply(act.getAct(), before);
                if (before != after) {
                    marks[index(seq)] = after;
                    changed.put(seq, new Flags(after));
                }
            }
        }
        long watermarks = readUpTo + seenUpTo;
        if (act.getAct() == InboxAct.READ) {
            readUpTo = Math.max(readUpTo, upTo);
        }
        if (act.getAct() == InboxAct.READ || act.getAct() == InboxAct.SEEN) {
            seenUpTo = Math.max(seenUpTo, upTo);
        }
        if (!changed.isEmpty() || readUpTo + seenUpTo != watermarks) {
            version++;
        }
        return changed;
    }

    /** Returns whether the user has read, archived or dismissed an item; an item no longer kept counts as not read. */
    public boolean isDone(long seq) {
        return seq >= firstSeq() && seq <= lastSeq && (marks[index(seq)] & (READ | ARCHIVED | DISMISSED)) != 0;
    }

    /** Counts the items that are neither read nor archived. */
    public int unread() {
        int unread = 0;
        for (byte mark : marks) {
            if ((mark & (READ | ARCHIVED)) == 0) {
                unread++;
            }
        }
        return unread;
    }

    public long version() {
        return version;
    }

    public long lastSeq() {
        return lastSeq;
    }

    public long seenUpTo() {
        return seenUpTo;
    }

    public long readUpTo() {
        return readUpTo;
    }

    /** Returns the flags of the newest items, oldest first. */
    public byte[] marks() {
        return marks.clone();
    }

    private long firstSeq() {
        return lastSeq - marks.length + 1;
    }

    private int index(long seq) {
        return (int) (seq - firstSeq());
    }

    private static byte apply(InboxAct act, byte mark) {
        return (byte)
                switch (act) {
                    case SEEN -> mark | SEEN;
                    case READ -> mark | SEEN | READ;
                    case UNREAD -> mark & ~READ;
                    case ARCHIVED -> mark | ARCHIVED;
                    case DISMISSED -> mark | SEEN | DISMISSED;
                };
    }

    /** What was done to an item. */
    public record Flags(boolean seen, boolean read, boolean archived, boolean dismissed) {
        Flags(byte mark) {
            this((mark & SEEN) != 0, (mark & READ) != 0, (mark & ARCHIVED) != 0, (mark & DISMISSED) != 0);
        }
    }
}
