package io.herald.topology.router;

import io.herald.schema.Route;
import io.herald.schema.RouteShare;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the router found that someone has to look at. Thread-safe; decides nothing. */
public final class RouterAlarms {
    private static final Logger LOG = LoggerFactory.getLogger(RouterAlarms.class);

    private final LongAdder clampedClocks = new LongAdder();
    private final Map<Route, Set<Integer>> pruningStopped = Collections.unmodifiableMap(Arrays.stream(Route.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    route -> ConcurrentHashMap.newKeySet(),
                    (one, other) -> one,
                    () -> new EnumMap<>(Route.class))));

    private final Map<Route, Map<Integer, Integer>> shares = Collections.unmodifiableMap(Arrays.stream(Route.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    route -> new ConcurrentHashMap<>(),
                    (one, other) -> one,
                    () -> new EnumMap<>(Route.class))));

    /** Notes how a partition shares a route between its providers. */
    void shared(int partition, RouteShare share) {
        Route route = share.getTerms().getRoute();
        Integer before = shares.get(route).put(partition, share.getPercent());
        if (before != null && before != share.getPercent()) {
            LOG.info(
                    "Partition {} gives {} % of {} to its first provider, after {} %",
                    partition, share.getPercent(), route, before);
        }
    }

    /**
     * Returns how many of a hundred deliveries of a route go to its first provider, over the partitions of this process
     * that have heard of it; 100 if none has.
     */
    public double firstShare(Route route) {
        return shares.get(route).values().stream()
                .mapToInt(Integer::intValue)
                .average()
                .orElse(100);
    }

    /** Notes whether a partition forgets addresses of a route that are said to be gone. */
    void pruning(int partition, Route route, boolean stopped) {
        Set<Integer> partitions = pruningStopped.get(route);
        if (stopped ? partitions.add(partition) : partitions.remove(partition)) {
            LOG.warn(
                    "Partition {} {} addresses of {} that are said to be gone",
                    partition,
                    stopped ? "no longer forgets" : "forgets again",
                    route);
        }
    }

    void clampedClock() {
        clampedClocks.increment();
    }

    /** Forgets a partition that this process no longer has. */
    void left(int partition) {
        pruningStopped.values().forEach(partitions -> partitions.remove(partition));
        shares.values().forEach(partitions -> partitions.remove(partition));
    }

    /** Returns in how many partitions of this process addresses of a route are not forgotten: too many at once. */
    public int pruningStopped(Route route) {
        return pruningStopped.get(route).size();
    }

    /** Returns how many records were further ahead of the partition's time than it follows at once. */
    public long clampedClocks() {
        return clampedClocks.sum();
    }
}
