package io.herald.topology.caps;

import io.herald.schema.Cap;
import io.herald.schema.CapLog;
import io.herald.schema.Channel;
import io.herald.schema.Overflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * At most so many in a sliding window, which has its end and not its beginning: what went out exactly a window ago does
 * not count any more.
 *
 * <p>What is counted is a hand-out: one notification on one channel. The inbox only counts for a cap that names it.
 */
public final class Caps {
    /** The most logs of a user; where there would be more, the one that was quiet for longest goes. */
    static final int MOST_LOGS = 50;

    // The longest window that a cap may have.
    private static final long LONGEST_MS = 31L * 24 * 60 * 60 * 1_000;

    private Caps() {}

    /**
     * Returns the cap that a hand-out at {@code now} would exceed, if one would be. Where several would be, one that
     * drops goes before one that collects, and the rule's before the user's.
     *
     * @param ruleCaps of the category's own rule
     */
    public static Optional<Cap> exceeded(
            List<CapLog> logs, List<Cap> ruleCaps, List<Cap> userCaps, String category, Channel channel, Instant now) {
        Cap found = null;
        for (Scoped scoped : scoped(ruleCaps, userCaps, category, channel)) {
            Cap cap = scoped.cap();
            boolean sooner =
                    found == null || (found.getOverflow() != Overflow.DROP && cap.getOverflow() == Overflow.DROP);
            if (sooner && within(times(logs, scoped.log()), cap.getWindowMs(), now) >= cap.getMost()) {
                found = cap;
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * Returns {@code logs} with a hand-out at {@code now} added for each cap that counts it, sorted by name. A log has
     * no more and no older times than its caps ask for. The logs given are not touched.
     *
     * @param ruleCaps of the category's own rule, and of all others that count across categories
     */
    public static List<CapLog> counted(
            List<CapLog> logs, List<Cap> ruleCaps, List<Cap> userCaps, String category, Channel channel, Instant now) {
        List<Scoped> counting = scoped(ruleCaps, userCaps, category, channel);
        if (counting.isEmpty()) {
            return logs;
        }
        TreeMap<String, CapLog> next = new TreeMap<>();
        for (CapLog log : logs) {
            if (newest(log) > now.toEpochMilli() - LONGEST_MS) {
                next.put(log.getCap(), log);
            }
        }
        Map<String, Bounds> bounds = new TreeMap<>();
        counting.forEach(scoped -> bounds.merge(scoped.log(), Bounds.of(scoped.cap()), Bounds::wider));
        bounds.forEach((name, bound) -> next.put(name, added(name, times(logs, name), bound, now)));
        while (next.size() > MOST_LOGS) {
            next.remove(next.values().stream()
                    .min(Comparator.comparingLong(Caps::newest).thenComparing(CapLog::getCap))
                    .orElseThrow()
                    .getCap());
        }
        return List.copyOf(next.values());
    }

    private static CapLog added(String name, List<Long> times, Bounds bounds, Instant now) {
        List<Long> next = new ArrayList<>(times.size() + 1);
        for (long time : times) {
            if (time > now.toEpochMilli() - bounds.windowMs()) {
                next.add(time);
            }
        }
        next.add(now.toEpochMilli());
        int surplus = Math.max(0, next.size() - bounds.most());
        return new CapLog(name, new ArrayList<>(next.subList(surplus, next.size())));
    }

    private static List<Scoped> scoped(List<Cap> ruleCaps, List<Cap> userCaps, String category, Channel channel) {
        if (ruleCaps.isEmpty() && userCaps.isEmpty()) {
            return List.of();
        }
        List<Scoped> scoped = new ArrayList<>();
        for (Cap cap : ruleCaps) {
            if (counts(cap, channel)) {
                scoped.add(Scoped.of(cap, Boolean.TRUE.equals(cap.getAcrossCategories()), category));
            }
        }
        for (Cap cap : userCaps) {
            if (counts(cap, channel)) {
                scoped.add(Scoped.of(cap, !Boolean.FALSE.equals(cap.getAcrossCategories()), category));
            }
        }
        return scoped;
    }

    private static boolean counts(Cap cap, Channel channel) {
        return cap.getChannel() == null ? channel != Channel.INBOX : cap.getChannel() == channel;
    }

    private static int within(List<Long> times, long windowMs, Instant now) {
        int count = 0;
        for (long time : times) {
            if (time > now.toEpochMilli() - windowMs && time <= now.toEpochMilli()) {
                count++;
            }
        }
        return count;
    }

    private static List<Long> times(List<CapLog> logs, String name) {
        for (CapLog log : logs) {
            if (log.getCap().equals(name)) {
                return log.getTimes();
            }
        }
        return List.of();
    }

    private static long newest(CapLog log) {
        return log.getTimes().get(log.getTimes().size() - 1);
    }

    /**
     * A cap with the log that it is counted in. Caps that count the same share a log: it is not the cap that is
     * counted, and so a rule that changes a number does not forget what went out.
     */
    private record Scoped(Cap cap, String log) {
        static Scoped of(Cap cap, boolean acrossCategories, String category) {
            String scope = acrossCategories ? "*" : category;
            String channel = cap.getChannel() == null ? "*" : cap.getChannel().name();
            return new Scoped(cap, scope + "/" + channel);
        }
    }

    /** What a log must hold for the caps that are counted in it. */
    private record Bounds(int most, long windowMs) {
        static Bounds of(Cap cap) {
            return new Bounds(cap.getMost(), cap.getWindowMs());
        }

        Bounds wider(Bounds other) {
            return new Bounds(Math.max(most, other.most), Math.max(windowMs, other.windowMs));
        }
    }
}
