package io.herald.topology.snapshot;

import io.herald.schema.CheckpointRequested;
import io.herald.topic.Topics;
import io.herald.topology.router.RouterStores;
import io.herald.wire.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Takes snapshots. */
public final class Snapshots {
    private final Cluster cluster;
    private final Consumer<String> progress;

    public Snapshots(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    /**
     * Takes a snapshot of the running system into the folder {@code id} of {@code parent}.
     *
     * <p>The changelogs are read before the checkpoint is asked for, so that little is left to read behind it: a value
     * before a mark could be compacted away once there is a newer one behind it. How long a changelog keeps all its
     * records is set, and then checked against how long the reading took.
     *
     * @param most how long to wait for the checkpoint to come through
     * @throws ToolRefusedException if it does not, or if it cannot be shown that nothing before it was missed
     */
    public Snapshot atCheckpoint(String id, Path parent, Duration most) {
        Changelogs changelogs = new Changelogs(cluster, cluster.config().routerId());
        int partitions = cluster.partitions(Topics.MAILBOX.name()).size();
        SnapshotWriter writer = new SnapshotWriter(parent, id);
        try (ChangelogReader reader = new ChangelogReader(cluster, changelogs, partitions)) {
            changelogs.keepUncompacted(RouterStores.UNCOMPACTED);
            progress.accept("reading the changelogs of " + cluster.config().routerId());
            reader.readToEnd();
            request(id);
            progress.accept("checkpoint " + id + " is asked for");
            Map<TopicPartition, ChangelogReader.Mark> marks = reader.readToMarks(id, most);
            Instant cut = checkAge(marks);
            return write(writer, reader, changelogs, offsets(marks, partitions), id, Manifest.Kind.CUT, cut);
        } catch (RuntimeException failure) {
            writer.abandon();
            throw failure;
        }
    }

    /**
     * Takes a snapshot of a system at rest: nothing runs, and the router has nothing left to read.
     *
     * @param mailboxOffsets where the router is, which is also where the mailbox ends
     */
    public Snapshot atRest(String id, Path parent, List<Long> mailboxOffsets) {
        Changelogs changelogs = new Changelogs(cluster, cluster.config().routerId());
        SnapshotWriter writer = new SnapshotWriter(parent, id);
        try (ChangelogReader reader = new ChangelogReader(cluster, changelogs, mailboxOffsets.size())) {
            awaitTransactions(changelogs.all(mailboxOffsets.size()));
            progress.accept("reading the changelogs of " + cluster.config().routerId());
            reader.readToEnd();
            Instant now = cluster.clock().instant();
            return write(writer, reader, changelogs, mailboxOffsets, id, Manifest.Kind.REST, now);
        } catch (RuntimeException failure) {
            writer.abandon();
            throw failure;
        }
    }

    private Snapshot write(
            SnapshotWriter writer,
            ChangelogReader reader,
            Changelogs changelogs,
            List<Long> offsets,
            String id,
            Manifest.Kind kind,
            Instant at) {
        progress.accept("writing");
        Map<String, Map<String, String>> settings = new TreeMap<>();
        for (String store : RouterStores.NAMES) {
            settings.put(store, new TreeMap<>(changelogs.settings(store)));
            for (int partition = 0; partition < offsets.size(); partition++) {
                writer.add(store, partition, reader.entries(store, partition));
            }
        }
        return writer.complete(parts -> new Manifest(
                id,
                kind,
                at.toString(),
                Build.version(),
                cluster.config().routerId(),
                mailboxId(cluster),
                offsets,
                settings,
                parts));
    }

    /**
     * Compares changelogs that were filled from a snapshot, and that nobody has written to since, with it.
     *
     * @throws ToolRefusedException naming the first that does not hold what the snapshot does
     */
    public void checkFilled(Changelogs changelogs, Snapshot snapshot) {
        try (ChangelogReader reader =
                new ChangelogReader(cluster, changelogs, snapshot.manifest().partitions())) {
            reader.readToEnd();
            for (Manifest.Part part : snapshot.manifest().files()) {
                if (!EntryFile.sha256(reader.entries(part.store(), part.partition()))
                        .equals(part.sha256())) {
                    throw new ToolRefusedException(changelogs.topic(part.store()) + " partition " + part.partition()
                            + " does not hold what " + snapshot.folder() + " does");
                }
            }
        }
    }

    /** Returns Kafka's id of the mailbox. */
    public static String mailboxId(Cluster cluster) {
        return cluster.topics(List.of(Topics.MAILBOX.name()))
                .get(Topics.MAILBOX.name())
                .topicId()
                .toString();
    }

    private void request(String id) {
        try (KafkaProducer<byte[], byte[]> producer = cluster.producer()) {
            byte[] value =
                    new WireFormat(cluster.wire()).value(Topics.CHECKPOINT_REQUESTED, new CheckpointRequested(id));
            producer.send(new ProducerRecord<>(Topics.CHECKPOINT_REQUESTED.name(), null, value))
                    .get();
        } catch (ExecutionException failure) {
            throw new KafkaException("cannot ask for a checkpoint", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }

    // Half of what the changelogs keep: their clock is another machine's.
    private Instant checkAge(Map<TopicPartition, ChangelogReader.Mark> marks) {
        Instant first = marks.values().stream()
                .map(ChangelogReader.Mark::at)
                .min(Instant::compareTo)
                .orElseThrow();
        Duration took = Duration.between(first, cluster.clock().instant());
        if (took.compareTo(RouterStores.UNCOMPACTED.dividedBy(2)) > 0) {
            throw new ToolRefusedException("reading up to the cut took " + took.toSeconds()
                    + " s: what was before it may have been compacted away meanwhile. Try again; it goes faster when"
                    + " the router lags less");
        }
        return first;
    }

    // All stores of a partition are marked in one transaction, so they must say the same.
    private static List<Long> offsets(Map<TopicPartition, ChangelogReader.Mark> marks, int partitions) {
        List<Long> offsets = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            int wanted = partition;
            Set<Long> found = marks.entrySet().stream()
                    .filter(mark -> mark.getKey().partition() == wanted)
                    .map(mark -> mark.getValue().cut().getMailboxOffset())
                    .collect(Collectors.toSet());
            if (found.size() != 1) {
                throw new ToolRefusedException("the stores of partition " + partition + " are cut at " + found
                        + ": the same id was asked for twice");
            }
            offsets.add(found.iterator().next() + 1);
        }
        return offsets;
    }

    // A killed router's last transaction is aborted only when its time is over.
    private void awaitTransactions(List<TopicPartition> changelogs) {
        cluster.await(Duration.ofSeconds(60), "open transactions to end", () -> cluster.offsets(
                        changelogs, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)
                .equals(cluster.offsets(changelogs, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED)));
    }
}
