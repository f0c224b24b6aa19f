package io.herald.websocket;

import io.herald.api.InboxRow;
import io.herald.api.InboxSnapshot;
import io.herald.api.InboxSummary;
import io.herald.schema.InboxMark;
import io.herald.schema.Realtime;
import io.herald.wire.UserKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies between the position of a client and the inbox as the tables have it. Pure.
 *
 * <p>Items are known by their seqs, which are 1, 2, 3 … for each user and come into the tables in that order; what a
 * user did to them by the version of the inbox, in which order marks come. Items, marks and summary come each by
 * itself, so a highest mark says more than the summary about which marks are there.
 */
final class InboxGap {
    /** The epoch of a user who has had no inbox yet. */
    private static final int NO_INBOX = 0;

    private final UserKey user;
    private final Position since;
    private final Position atLeast;

    /**
     * Makes it.
     *
     * @param since what the client has
     * @param atLeast what the tables must have reached
     */
    InboxGap(UserKey user, Position since, Position atLeast) {
        this.user = user;
        this.since = since;
        this.atLeast = atLeast;
    }

    /** Returns what was missed; nothing where the tables are not as far, and should be read again. */
    Optional<Missed> in(InboxSnapshot found) {
        InboxSummary summary = found.summary();
        if (since.seq() > atLeast.seq() || (summary != null && isOfOtherEpoch(summary))) {
            return Optional.of(new Missed.Unknown(Missed.Why.OTHER_EPOCH));
        }
        if (!isThere(found)) {
            return Optional.empty();
        }
        // What is between was removed, and all that the client has.
        if (since.seq() > 0 && found.firstSeq() > since.seq() + 1) {
            return Optional.of(new Missed.Unknown(Missed.Why.TOO_OLD));
        }
        if (summary == null) {
            return Optional.of(
                    new Missed.Changes(List.of(), 0, 0, 0, since.epoch() == null ? NO_INBOX : since.epoch()));
        }
        List<Realtime> changes = new ArrayList<>(items(found));
        changes.addAll(marks(found));
        long version = found.rows().stream()
                .filter(row -> row.mark() != null)
                .mapToLong(row -> row.mark().getVersion())
                .max()
                .orElse(0);
        return Optional.of(new Missed.Changes(
                changes,
                Math.max(since.seq(), found.upTo()),
                summary.unread(),
                Math.max(since.version(), version),
                summary.epoch()));
    }

    private boolean isOfOtherEpoch(InboxSummary summary) {
        return since.epoch() != null && since.epoch() != NO_INBOX && since.epoch() != summary.epoch();
    }

    private boolean isThere(InboxSnapshot found) {
        if (found.summary() == null) {
            return atLeast.seq() == 0 && found.rows().isEmpty();
        }
        return found.upTo() >= atLeast.seq() && found.summary().version() >= atLeast.version() && found.isWhole();
    }

    private List<Realtime> items(InboxSnapshot found) {
        return found.rows().stream()
                .filter(row -> row.seq() > since.seq())
                .map(row -> change(found.summary(), List.of(row.seq()))
                        .setAt(row.item().getCreatedAt())
                        .setNotificationId(row.item().getNotificationId())
                        .setItem(row.item())
                        .setMark(row.mark())
                        .build())
                .toList();
    }

    // Those of one act together. The client's own version again as well: it may know of one act only a part.
    private List<Realtime> marks(InboxSnapshot found) {
        Map<InboxMark, List<Long>> acts =
                new TreeMap<>(Comparator.comparingLong(InboxMark::getVersion).thenComparing(Comparator.naturalOrder()));
        for (InboxRow row : found.rows()) {
            boolean isHeld = row.seq() <= since.seq();
            if (isHeld && row.mark() != null && row.mark().getVersion() >= since.version()) {
                acts.computeIfAbsent(row.mark(), mark -> new ArrayList<>()).add(row.seq());
            }
        }
        return acts.entrySet().stream()
                .map(act -> change(found.summary(), act.getValue())
                        .setAt(act.getKey().getChangedAt())
                        .setMark(act.getKey())
                        .build())
                .toList();
    }

    private Realtime.Builder change(InboxSummary summary, List<Long> seqs) {
        return Realtime.newBuilder()
                .setTenant(user.tenant())
                .setUser(user.user())
                .setUnread(summary.unread())
                .setLastSeq(summary.lastSeq())
                .setSeqs(seqs);
    }
}
