package io.herald.topology.replay;

import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.topic.Topics;
import io.herald.topology.snapshot.Cluster;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Compares the ledger of a replay with the original, a partition of the ledger at a time. */
final class LedgerComparison {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Cluster cluster;
    private final WireFormat wire;
    private final List<LedgerDiff.Bounds> bounds;
    private final ErasedUsers erased;
    private final Instant from;
    private final boolean sameRules;

    /**
     * What came out.
     *
     * @param compared notifications that were looked at
     * @param differing those that differ in the time that the replay is about
     * @param before those that differ before it already
     */
    record Result(long compared, long differing, long before) {
        private Result plus(Result other) {
            return new Result(compared + other.compared, differing + other.differing, before + other.before);
        }
    }

    private record Notified(UserKey user, String notificationId) {}

    LedgerComparison(
            Cluster cluster, List<LedgerDiff.Bounds> bounds, ErasedUsers erased, Instant from, boolean sameRules) {
        this.cluster = cluster;
        this.wire = new WireFormat(cluster.wire());
        this.bounds = List.copyOf(bounds);
        this.erased = erased;
        this.from = from;
        this.sameRules = sameRules;
    }

    /** Compares, and says each difference in a few lines to {@code report}. */
    Result compare(String replayedLedger, Consumer<String> report) {
        Result all = new Result(0, 0, 0);
        for (TopicPartition original : cluster.partitions(Topics.LEDGER.name())) {
            TopicPartition replayed = new TopicPartition(replayedLedger, original.partition());
            all = all.plus(compare(original, replayed, report));
        }
        return all;
    }

    private Result compare(TopicPartition original, TopicPartition replayed, Consumer<String> report) {
        Instant start = bounds.stream()
                .map(LedgerDiff.Bounds::startNow)
                .min(Instant::compareTo)
                .orElseThrow();
        Map<Notified, List<LedgerEntry>> is = read(replayed, OffsetSpec.earliest());
        Map<Notified, List<LedgerEntry>> was = read(original, OffsetSpec.forTimestamp(start.toEpochMilli()));
        is.keySet().forEach(one -> was.putIfAbsent(one, List.of()));
        long differing = 0;
        long before = 0;
        for (Map.Entry<Notified, List<LedgerEntry>> one : was.entrySet()) {
            Notified notified = one.getKey();
            Optional<LedgerDiff.Difference> difference = LedgerDiff.of(
                    one.getValue(), is.getOrDefault(notified, List.of()), bounds(notified.user()), sameRules);
            if (difference.isPresent() && difference.get().at().isBefore(from)) {
                before++;
            } else if (difference.isPresent()) {
                differing++;
                describe(notified, one.getValue(), is.get(notified), difference.get(), report);
            }
        }
        return new Result(was.size(), differing, before);
    }

    private Map<Notified, List<LedgerEntry>> read(TopicPartition partition, OffsetSpec beginning) {
        Map<Notified, List<LedgerEntry>> entries = new LinkedHashMap<>();
        List<TopicPartition> one = List.of(partition);
        long begin = cluster.offsets(one, beginning).get(partition);
        long end = cluster.offsets(one, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)
                .get(partition);
        if (begin < 0) {
            return entries;
        }
        try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
            consumer.assign(one);
            consumer.seek(partition, begin);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    LedgerEntry entry = wire.read(Topics.LEDGER, LedgerEntry.class, record.value());
                    UserKey user = new UserKey(entry.getTenant(), entry.getUser());
                    if (!erased.contains(user) && bounds(user).mayHold(entry)) {
                        entries.computeIfAbsent(
                                        new Notified(user, entry.getNotificationId()), first -> new ArrayList<>())
                                .add(entry);
                    }
                }
            }
        }
        return entries;
    }

    private LedgerDiff.Bounds bounds(UserKey user) {
        return bounds.get(user.partition(bounds.size()));
    }

    private static void describe(
            Notified notified,
            List<LedgerEntry> original,
            List<LedgerEntry> replayed,
            LedgerDiff.Difference difference,
            Consumer<String> report) {
        List<LedgerEntry> all = new ArrayList<>(original);
        all.addAll(replayed == null ? List.of() : replayed);
        String event = all.stream()
                .map(LedgerEntry::getBody)
                .filter(Decision.class::isInstance)
                .map(body -> " " + ((Decision) body).getCategory() + " " + ((Decision) body).getEventId())
                .findFirst()
                .orElse("");
        report.accept(notified.user() + event + " (" + notified.notificationId() + ")");
        difference.was().forEach(entry -> report.accept("  was " + LedgerDiff.line(entry)));
        difference.is().forEach(entry -> report.accept("  is  " + LedgerDiff.line(entry)));
    }
}
