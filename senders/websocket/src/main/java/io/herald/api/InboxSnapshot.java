package io.herald.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * All of one inbox at one moment, as far as the sinks have come. They write items, marks and summaries apart, each in
 * its order: one may be ahead of the others.
 *
 * @param summary null for a user of whom there is none
 * @param rows by seq
 * @param at when it was read
 */
public record InboxSnapshot(InboxSummary summary, List<InboxRow> rows, Instant at) {
    // Longer than a sink is ever away from the others, and shorter than an item is kept.
    private static final Duration SETTLED = Duration.ofDays(1);

    public InboxSnapshot {
        rows = List.copyOf(rows);
    }

    /** Returns the lowest seq that is kept; what is below is gone. */
    public long firstSeq() {
        return rows.isEmpty() ? upTo() + 1 : rows.get(0).seq();
    }

    /**
     * Returns up to where no item is missing: items come in the order of their seqs. Where there is no item, all are
     * gone, or the first has yet to come; what was not changed for a day has come.
     */
    public long upTo() {
        if (!rows.isEmpty()) {
            return rows.get(rows.size() - 1).seq();
        }
        boolean isSettled = summary != null && summary.changedAt().isBefore(at.minus(SETTLED));
        return isSettled ? summary.lastSeq() : 0;
    }

    /** Returns whether items, marks and summary are of the same moment, as far as seqs and the unread count tell. */
    public boolean isWhole() {
        return summary == null
                ? rows.isEmpty()
                : upTo() == summary.lastSeq()
                        && rows.stream().filter(InboxRow::isUnread).count() == summary.unread();
    }
}
