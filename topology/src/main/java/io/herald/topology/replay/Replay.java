package io.herald.topology.replay;

import io.herald.schema.ErasedKey;
import io.herald.schema.Hash16;
import io.herald.schema.RuleChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.Changelogs;
import io.herald.topology.snapshot.Cluster;
import io.herald.topology.snapshot.Manifest;
import io.herald.topology.snapshot.Snapshot;
import io.herald.topology.snapshot.Snapshots;
import io.herald.topology.snapshot.ToolRefusedException;
import io.herald.wire.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays a stretch of the mailbox: from the newest snapshot before it, through the router, into topics of its own that
 * no sender reads. The running system is not touched.
 */
public final class Replay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    // Who was erased stands in the keys.
    private static final Topic ERASED_KEYS = new Topic(
            Topics.ERASED.name(),
            new Topic.Key.Any(),
            ErasedKey.getClassSchema(),
            Topics.ERASED.partitions(),
            Topics.ERASED.cleanup(),
            Topics.ERASED.retention(),
            Topics.ERASED.maxMessageBytes(),
            Topics.ERASED.holds());

    private final Cluster cluster;
    private final HeraldConfig config;
    private final Request request;
    private final Consumer<String> progress;
    private final ShadowTopics shadows;
    private final Changelogs changelogs;
    private final Path stateDir;

    /**
     * What is asked for.
     *
     * @param run names what the replay makes in the cluster
     * @param rules in force from {@code from} on, in place of what the mailbox says about their categories
     * @param keep whether the topics with the outputs stay
     */
    public record Request(
            String run, Instant from, Instant to, List<RuleChanged> rules, Path snapshots, boolean keep) {}

    /**
     * What came out.
     *
     * @param snapshot that it began with
     * @param records of the mailbox that were decided again
     * @param compared notifications
     * @param differing of these, in the time asked for
     * @param before of these, already before it
     */
    public record Outcome(String snapshot, long records, long compared, long differing, long before) {
        /** Returns whether everything was decided as it had been. */
        public boolean same() {
            return differing == 0 && before == 0;
        }
    }

    /**
     * Makes a replay, which has touched nothing yet.
     *
     * @param settings of the topology, as it is run with
     */
    public Replay(Cluster cluster, Map<String, String> settings, Request request, Consumer<String> progress) {
        this.cluster = cluster;
        this.request = request;
        this.progress = progress;
        this.shadows = new ShadowTopics(cluster, request.run());
        try {
            this.stateDir = Files.createTempDirectory("herald-replay");
        } catch (IOException failure) {
            throw new UncheckedIOException("there is no place for the replay's state", failure);
        }
        Map<String, String> own = new HashMap<>(settings);
        own.put("application.id", "herald-replay-" + request.run());
        own.put("state.dir", stateDir.toString());
        own.put("router.standby.replicas", "0");
        own.put("router.commit.interval.ms", "200");
        this.config = HeraldConfig.from(own);
        this.changelogs = new Changelogs(cluster, config.routerId());
    }

    /**
     * Replays and compares.
     *
     * @param report is told every difference in the time asked for, in a few lines
     * @throws ToolRefusedException if there is no snapshot to begin with, or what is to be compared with is not there
     */
    public Outcome run(Consumer<String> report) {
        List<TopicPartition> mailbox = cluster.partitions(Topics.MAILBOX.name());
        List<Long> from = offsetsAt(mailbox, request.from());
        List<Long> to = offsetsAt(mailbox, request.to());
        Snapshot snapshot = snapshot(mailbox, from);
        Stretch stretch =
                new Stretch(request.from(), request.to(), snapshot.manifest().mailboxOffsets(), from, to);
        progress.accept("snapshot " + snapshot.manifest().id() + " of "
                + snapshot.manifest().at() + ", then " + stretch.records() + " records of the mailbox");
        checkDecided(mailbox, to);
        List<Instant> startNow = startNow(snapshot);
        checkLedger(startNow);

        ErasedUsers erased = erasedUsers();
        load(snapshot, erased);
        shadows.create();
        Cluster.get(cluster.admin()
                .alterConsumerGroupOffsets(config.routerId(), places(mailbox, stretch.start()))
                .all());
        List<LedgerDiff.Bounds> bounds = new ArrayList<>();
        try (ReplayRouter router = new ReplayRouter(cluster, config, request.run(), stretch, request.rules(), erased)) {
            router.run(progress);
            for (int partition = 0; partition < stretch.partitions(); partition++) {
                bounds.add(new LedgerDiff.Bounds(
                        partition,
                        stretch.start().get(partition),
                        to.get(partition),
                        startNow.get(partition),
                        router.now(partition)));
            }
        }
        progress.accept("comparing the ledgers");
        LedgerComparison.Result result = new LedgerComparison(
                        cluster, bounds, erased, request.from(), request.rules().isEmpty())
                .compare(ShadowTopics.name(request.run(), Topics.LEDGER), report);
        return new Outcome(
                snapshot.manifest().id(), stretch.records(), result.compared(), result.differing(), result.before());
    }

    /** Removes what the replay made in the cluster and on disk; its outputs only if they are not to be kept. */
    @Override
    public void close() {
        if (!request.keep()) {
            shadows.delete();
        }
        cluster.delete(changelogs.topics());
        try {
            Cluster.get(cluster.admin()
                    .deleteConsumerGroups(List.of(config.routerId()))
                    .all());
        } catch (GroupIdNotFoundException refused) {
            LOG.debug("it was refused before there was a group");
        }
        try (Stream<Path> tree = Files.walk(stateDir)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + stateDir, failure);
        }
    }

    // The first record at or after a time; the end where there is none.
    private List<Long> offsetsAt(List<TopicPartition> mailbox, Instant time) {
        Map<TopicPartition, Long> found = cluster.offsets(mailbox, OffsetSpec.forTimestamp(time.toEpochMilli()));
        Map<TopicPartition, Long> ends = cluster.offsets(mailbox, OffsetSpec.latest());
        return mailbox.stream()
                .map(partition -> found.get(partition) < 0 ? ends.get(partition) : found.get(partition))
                .toList();
    }

    private Snapshot snapshot(List<TopicPartition> mailbox, List<Long> from) {
        Map<TopicPartition, Long> first = cluster.offsets(mailbox, OffsetSpec.earliest());
        List<Snapshot> all = Snapshot.all(request.snapshots());
        Manifest chosen = Beginning.choose(
                all.stream().map(Snapshot::manifest).toList(),
                new Beginning.Mailbox(
                        Snapshots.mailboxId(cluster),
                        mailbox.stream().map(first::get).toList(),
                        from));
        Snapshot snapshot = all.stream()
                .filter(one -> one.manifest().equals(chosen))
                .findFirst()
                .orElseThrow();
        snapshot.verify();
        return snapshot;
    }

    // It may be a commit behind; not more.
    private void checkDecided(List<TopicPartition> mailbox, List<Long> to) {
        String group = cluster.config().routerId();
        cluster.await(
                Duration.ofSeconds(10),
                group + " to decide all up to --to: what it has not decided yet cannot be compared with",
                () -> {
                    Map<TopicPartition, OffsetAndMetadata> committed = cluster.committed(group);
                    return mailbox.stream().allMatch(partition -> {
                        OffsetAndMetadata at = committed.get(partition);
                        return at != null && at.offset() >= to.get(partition.partition());
                    });
                });
    }

    private static List<Instant> startNow(Snapshot snapshot) {
        List<Instant> all = new ArrayList<>();
        for (int partition = 0; partition < snapshot.manifest().partitions(); partition++) {
            byte[][] now = {null};
            snapshot.entries(RouterStores.CONTROL, partition).forEach(entry -> {
                if (entry.key().equals(ReplayRouter.NOW)) {
                    now[0] = entry.value().get();
                }
            });
            all.add(ReplayRouter.now(now[0]));
        }
        return all;
    }

    // Where the ledger no longer reaches back, everything would seem to be new.
    private void checkLedger(List<Instant> startNow) {
        List<TopicPartition> ledger = cluster.partitions(Topics.LEDGER.name());
        Map<TopicPartition, Long> first = cluster.offsets(ledger, OffsetSpec.earliest());
        long start = startNow.stream().mapToLong(Instant::toEpochMilli).min().orElseThrow();
        Map<TopicPartition, Long> begin = cluster.offsets(ledger, OffsetSpec.forTimestamp(start));
        for (TopicPartition partition : ledger) {
            if (first.get(partition) > 0 && first.get(partition).equals(begin.get(partition))) {
                throw new ToolRefusedException(partition + " no longer reaches back to " + Instant.ofEpochMilli(start)
                        + ": there is nothing left to compare with");
            }
        }
    }

    private void load(Snapshot snapshot, ErasedUsers erased) {
        progress.accept("loading");
        for (String store : RouterStores.NAMES) {
            // Compacted only: what is old by its timestamp must stay, in the window store's too.
            changelogs.create(store, snapshot.manifest().partitions(), Map.of("cleanup.policy", "compact"));
            changelogs.load(store, snapshot, (of, entry) -> !erased.owns(of, entry));
        }
    }

    private ErasedUsers erasedUsers() {
        Set<Hash16> hashes = new HashSet<>();
        List<TopicPartition> partitions = cluster.partitions(Topics.ERASED.name());
        Map<TopicPartition, Long> ends =
                cluster.offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        WireFormat wire = new WireFormat(cluster.wire());
        try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> hashes.add(wire.read(ERASED_KEYS, ErasedKey.class, record.key())
                                .getUserHash()));
            }
        }
        return new ErasedUsers(hashes);
    }

    private static Map<TopicPartition, OffsetAndMetadata> places(List<TopicPartition> partitions, List<Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        partitions.forEach(
                partition -> places.put(partition, new OffsetAndMetadata(offsets.get(partition.partition()))));
        return places;
    }
}
