package io.herald.topology.replay;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares what was decided about one notification with what is decided in a replay. Pure.
 *
 * <p>A ledger entry names its cause, which for something held is older than the moment it was decided. So whether an
 * original entry belongs to the stretch is told by the router's time, which moves the same in both; only in the very
 * millisecond of either end that may stay open, and then the entry counts if the replay has it too.
 */
final class LedgerDiff {
    private LedgerDiff() {}

    /**
     * A partition of the stretch.
     *
     * @param start first mailbox offset of it
     * @param to first offset behind it
     * @param startNow the router's time when it begins
     * @param endNow the router's time when it ends
     */
    record Bounds(int partition, long start, long to, Instant startNow, Instant endNow) {
        private enum Place {
            OUTSIDE,
            INSIDE,
            EITHER
        }

        // An entry is never written before its cause was read.
        private Place of(LedgerEntry entry) {
            boolean here = entry.getMailboxPartition() == partition;
            if (entry.getAt().isBefore(startNow)
                    || entry.getAt().isAfter(endNow)
                    || (here && entry.getMailboxOffset() >= to)) {
                return Place.OUTSIDE;
            }
            boolean afterStart = entry.getAt().isAfter(startNow) || (here && entry.getMailboxOffset() >= start);
            return afterStart && entry.getAt().isBefore(endNow) ? Place.INSIDE : Place.EITHER;
        }

        boolean mayHold(LedgerEntry entry) {
            return of(entry) != Place.OUTSIDE;
        }
    }

    /**
     * What differs: the entries from the first difference to the last.
     *
     * @param at when the first of them was decided, by the earlier of the two
     */
    record Difference(Instant at, List<LedgerEntry> was, List<LedgerEntry> is) {}

    /**
     * Compares.
     *
     * @param original entries in the order of the ledger
     * @param replayed all of the stretch
     * @param sameRules whether versions of rules are compared too
     */
    static Optional<Difference> of(
            List<LedgerEntry> original, List<LedgerEntry> replayed, Bounds bounds, boolean sameRules) {
        List<LedgerEntry> is =
                replayed.stream().map(entry -> comparable(entry, sameRules)).toList();
        List<LedgerEntry> was = within(original, is, bounds, sameRules);
        int first = 0;
        while (first < was.size() && first < is.size() && was.get(first).equals(is.get(first))) {
            first++;
        }
        int last = 0;
        while (last < was.size() - first
                && last < is.size() - first
                && was.get(was.size() - 1 - last).equals(is.get(is.size() - 1 - last))) {
            last++;
        }
        List<LedgerEntry> wasThere = was.subList(first, was.size() - last);
        List<LedgerEntry> isThere = is.subList(first, is.size() - last);
        List<LedgerEntry> both = new ArrayList<>(wasThere);
        both.addAll(isThere);
        return both.stream()
                .map(LedgerEntry::getAt)
                .min(Instant::compareTo)
                .map(at -> new Difference(at, wasThere, isThere));
    }

    private static List<LedgerEntry> within(
            List<LedgerEntry> original, List<LedgerEntry> replayed, Bounds bounds, boolean sameRules) {
        List<LedgerEntry> unmatched = new ArrayList<>(replayed);
        List<LedgerEntry> within = new ArrayList<>();
        for (LedgerEntry entry : original) {
            LedgerEntry shown = comparable(entry, sameRules);
            boolean counts =
                    switch (bounds.of(entry)) {
                        case OUTSIDE -> false;
                        case INSIDE -> {
                            unmatched.remove(shown);
                            yield true;
                        }
                        case EITHER -> unmatched.remove(shown);
                    };
            if (counts) {
                within.add(shown);
            }
        }
        return within;
    }

    private static LedgerEntry comparable(LedgerEntry entry, boolean sameRules) {
        if (sameRules || !(entry.getBody() instanceof Decision decision)) {
            return entry;
        }
        return LedgerEntry.newBuilder(entry)
                .setBody(Decision.newBuilder(decision).setRuleVersion(0).build())
                .build();
    }

    /** Returns one line about an entry, for people. */
    static String line(LedgerEntry entry) {
        return entry.getAt() + " mailbox " + entry.getMailboxPartition() + "@" + entry.getMailboxOffset() + ": "
                + body(entry);
    }

    private static String body(LedgerEntry entry) {
        if (entry.getBody() instanceof Decision decision) {
            String seq = decision.getSeq() == null ? "" : " as inbox " + decision.getSeq();
            String verdicts =
                    decision.getVerdicts().stream().map(LedgerDiff::verdict).collect(Collectors.joining(", "));
            return "decided" + seq + " by rule " + decision.getRuleVersion() + ", profile "
                    + decision.getProfileVersion() + ": "
                    + (decision.getReason() == null ? verdicts : decision.getReason() + " " + verdicts);
        }
        Transition transition = (Transition) entry.getBody();
        return transition.getRoute() + " " + transition.getAddressId() + " attempt " + transition.getAttempt() + ": "
                + state(transition.getState(), transition.getReason(), transition.getDueAt())
                + (transition.getReceipt() == null ? "" : ", " + transition.getReceipt())
                + (transition.getLate() ? ", late" : "");
    }

    private static String verdict(ChannelVerdict verdict) {
        String address = verdict.getAddressId() == null ? "" : " " + verdict.getAddressId();
        return verdict.getChannel() + address + " "
                + state(verdict.getState(), verdict.getReason(), verdict.getDueAt());
    }

    private static String state(Object state, Object reason, Instant due) {
        return state + (reason == null ? "" : "(" + reason + ")") + (due == null ? "" : " until " + due);
    }
}
