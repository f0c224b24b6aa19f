package io.herald.topology.inbox;

import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * One user's inbox as the router keeps it: the highest seq, and for each of the newest {@value #KEPT} items that are
 * not older than {@value #MOST_DAYS} days a byte of flags and the day it came. A draft: made from the state, changed by
 * one plan, written back with it.
 *
 * <p>Seqs are 1, 2, 3 … without gaps. The unread count is counted from the flags whenever it is asked for, so it cannot
 * drift from them.
 */
public final class Inbox {
    /** How many items an inbox keeps. */
    public static final int KEPT = 100;

    /** How many days an item is kept; days are those of UTC, and the day it came does not count. */
    public static final int MOST_DAYS = 30;

    static final byte SEEN = 1;
    static final byte READ = 2;
    static final byte ARCHIVED = 4;
    static final byte DISMISSED = 8;
    static final byte PUSHED = 16;

    private static final byte DONE = READ | ARCHIVED | DISMISSED;
    private static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);
    private static final int LAST_DAY = 0xFFFF;

    private long version;
    private long lastSeq;
    private byte[] marks;
    private byte[] ages;
    private long seenUpTo;
    private long readUpTo;

    /**
     * Makes it of its state.
     *
     * @param marks a byte of flags for each item that is kept, oldest first
     * @param ages the day each of them came, two bytes each; if these are not for as many items, as in states from
     *     before there were any, all items count as of the day on which the next one comes or old ones are dropped
     */
    public Inbox(long version, long lastSeq, byte[] marks, byte[] ages, long seenUpTo, long readUpTo) {
        this.version = version;
        this.lastSeq = lastSeq;
        this.marks = marks.clone();
        this.ages = ages.clone();
        this.seenUpTo = seenUpTo;
        this.readUpTo = readUpTo;
    }

    /** Adds an unread item and returns the seq of the item that had to go for it, if one had to. */
    public OptionalLong add(Instant now) {
        int today = today(now);
        date(today);
        version++;
        lastSeq++;
        // Never before the day of the item before it: what is dropped is always the beginning of the list.
        int day = marks.length == 0 ? today : Math.max(today, day(marks.length - 1));
        marks = Arrays.copyOf(marks, marks.length + 1);
        ages = Arrays.copyOf(ages, ages.length + Short.BYTES);
        day(marks.length - 1, day);
        if (marks.length <= KEPT) {
            return OptionalLong.empty();
        }
        long gone = firstSeq();
        dropFirst(1);
        return OptionalLong.of(gone);
    }

    /** Removes the items that came more than {@value #MOST_DAYS} days ago, and returns their seqs, in order. */
    public List<Long> dropOld(Instant now) {
        int today = today(now);
        date(today);
        long first = firstSeq();
        int old = 0;
        while (old < marks.length && today - day(old) > MOST_DAYS) {
            old++;
        }
        if (old > 0) {
            version++;
            dropFirst(old);
        }
        return LongStream.range(first, first + old).boxed().toList();
    }

    /**
     * Returns when the oldest item is to be dropped, the beginning of a day; empty if there is no item, or nobody knows
     * yet when they came.
     */
    public Optional<Instant> nextRetention() {
        return marks.length == 0 || !isDated()
                ? Optional.empty()
                : Optional.of(FIRST_DAY
                        .plusDays(day(0) + MOST_DAYS + 1L)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant());
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

    /** Notes that an item also went to the user's devices, where it is to be cleared once it is seen elsewhere. */
    public void pushed(long seq) {
        if (isKept(seq)) {
            marks[index(seq)] |= PUSHED;
        }
    }

    /** Returns whether an item is to be cleared on devices once it is seen elsewhere. */
    boolean wasPushed(long seq) {
        return isKept(seq) && (marks[index(seq)] & PUSHED) != 0;
    }

    /**
     * Returns those of the items that went to devices and are seen, read, archived or dismissed by now, in order. Each
     * is returned once: it is not on any device then, unless it is {@linkplain #pushed pushed} again.
     */
    public SortedSet<Long> clearPushed(Set<Long> changed) {
        SortedSet<Long> cleared = new TreeSet<>();
        for (long seq : changed) {
            if (wasPushed(seq) && isSeen(seq)) {
                marks[index(seq)] &= ~PUSHED;
                cleared.add(seq);
            }
        }
        return cleared;
    }

    /** Returns whether the user has read, archived or dismissed an item; an item no longer kept counts as not read. */
    public boolean isDone(long seq) {
        return isKept(seq) && (marks[index(seq)] & DONE) != 0;
    }

    /** Returns whether the user has seen an item, or done any more with it; an item no longer kept counts as not. */
    public boolean isSeen(long seq) {
        return isKept(seq) && (marks[index(seq)] & (SEEN | DONE)) != 0;
    }

    /** Returns the seqs of the items that are kept, in order. */
    public List<Long> seqs() {
        return LongStream.rangeClosed(firstSeq(), lastSeq).boxed().toList();
    }

    /** Counts the items that are not read, archived or dismissed. */
    public int unread() {
        int unread = 0;
        for (byte mark : marks) {
            if ((mark & DONE) == 0) {
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

    /** Returns the day on which each of the newest items came, oldest first: two bytes each. */
    public byte[] ages() {
        return ages.clone();
    }

    private boolean isKept(long seq) {
        return seq >= firstSeq() && seq <= lastSeq;
    }

    private void dropFirst(int items) {
        marks = Arrays.copyOfRange(marks, items, marks.length);
        ages = Arrays.copyOfRange(ages, items * Short.BYTES, ages.length);
    }

    private boolean isDated() {
        return ages.length == marks.length * Short.BYTES;
    }

    private void date(int today) {
        if (!isDated()) {
            ages = new byte[marks.length * Short.BYTES];
            for (int item = 0; item < marks.length; item++) {
                day(item, today);
            }
        }
    }

    private int day(int item) {
        return Short.toUnsignedInt(ByteBuffer.wrap(ages).getShort(item * Short.BYTES));
    }

    private void day(int item, int day) {
        ByteBuffer.wrap(ages).putShort(item * Short.BYTES, (short) day);
    }

    private static int today(Instant now) {
        long days = ChronoUnit.DAYS.between(FIRST_DAY, LocalDate.ofInstant(now, ZoneOffset.UTC));
        return (int) Math.max(0, Math.min(days, LAST_DAY));
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
