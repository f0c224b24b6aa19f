package io.herald.sender;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Which records of one partition are done. Records begin in the order of their offsets and are completed in any order.
 *
 * <p>The {@linkplain #mark mark} to commit is the first record that is not done, and in its metadata, the others that
 * are not among those begun. So whoever goes on from a mark repeats what was in flight and no more, however long one
 * record blocked the way. Thread-safe: records begin on the polling thread and are completed on any.
 */
final class Progress {
    private static final long NONE = -1;

    /** Begun here and not done, or left open by whoever made the mark that this goes on from. */
    private final TreeSet<Long> open = new TreeSet<>();

    /** Those of {@link #open} that have not begun here. */
    private final TreeSet<Long> inherited = new TreeSet<>();

    /** All records below are done, but for {@link #open}. */
    private long end = NONE;

    /** Goes on from the beginning. */
    Progress() {}

    /** Goes on from a mark. */
    Progress(OffsetAndMetadata committed) {
        ProgressNote note = ProgressNote.parse(committed.offset(), committed.metadata());
        end = note.end();
        open.addAll(note.open());
        inherited.addAll(note.open());
    }

    /** Begins a record; returns false if it is done already. */
    synchronized boolean begin(long offset) {
        // Records come in order: an inherited one that was passed over is in the log no longer.
        List<Long> lost = new ArrayList<>(inherited.headSet(offset));
        open.removeAll(lost);
        inherited.removeAll(lost);
        if (offset < end) {
            return inherited.remove(offset);
        }
        open.add(offset);
        end = offset + 1;
        return true;
    }

    /** Returns whether a record is known to be done before it is read. */
    synchronized boolean done(long offset) {
        return offset < end && !inherited.contains(offset);
    }

    /** Completes a record that has begun. */
    synchronized void complete(long offset) {
        open.remove(offset);
    }

    /** Notes that all records below {@code position} have begun: the log holds gaps, where transactions ended. */
    synchronized void reach(long position) {
        if (inherited.isEmpty()) {
            end = Math.max(end, position);
        }
    }

    /** Returns whether all records that have begun are done. */
    synchronized boolean idle() {
        return open.size() == inherited.size();
    }

    /** Returns what to commit; empty as long as nothing has begun. */
    synchronized Optional<OffsetAndMetadata> mark() {
        if (end == NONE) {
            return Optional.empty();
        }
        long offset = open.isEmpty() ? end : open.first();
        return Optional.of(new OffsetAndMetadata(offset, new ProgressNote(end, List.copyOf(open)).format()));
    }
}
