package io.herald.topology.growth;

import io.herald.topic.Topics;
import io.herald.topology.app.GrowthMark;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.TopologyApp;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.Changelogs;
import io.herald.topology.snapshot.Cluster;
import io.herald.topology.snapshot.Recut;
import io.herald.topology.snapshot.Snapshot;
import io.herald.topology.snapshot.Snapshots;
import io.herald.topology.snapshot.ToolRefusedException;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Gives the mailbox of a stopped system more partitions.
 *
 * <p>Up to the mark beside the router's offsets nothing is changed, and the old state is then on disk twice, read back:
 * as it was, and cut anew. From the mark on nothing starts until growth has ended. Ended early, by whatever, it is run
 * again and does the rest; every step can be done twice.
 */
public final class Growth {
    // A process that has stopped is a member of its group until its session is over.
    private static final Duration LEAVING = Duration.ofSeconds(60);
    private static final Duration DRAINING = Duration.ofMinutes(10);

    private final Cluster cluster;
    private final Map<String, String> settings;
    private final Path folder;
    private final Consumer<String> progress;
    private final String router;
    private final Snapshots snapshots;

    /**
     * Makes one.
     *
     * @param settings of the topology, as it is run with
     * @param folder of snapshots
     */
    public Growth(Cluster cluster, Map<String, String> settings, Path folder, Consumer<String> progress) {
        this.cluster = cluster;
        this.settings = Map.copyOf(settings);
        this.folder = folder;
        this.progress = progress;
        this.router = cluster.config().routerId();
        this.snapshots = new Snapshots(cluster, progress);
    }

    /**
     * Grows, or ends a growth that was begun.
     *
     * @param id names the snapshots, {@code <id>-before} and {@code <id>}
     * @param wanted how many partitions; twice as many as now unless given
     * @throws ToolRefusedException saying why it is not safe; what was there is untouched then, or growth goes on when
     *     it is run again
     */
    public void grow(String id, Optional<Integer> wanted) {
        awaitStopped();
        GrowthMark mark = GrowthMark.in(cluster.committed(router).values()).orElseGet(() -> begin(id, wanted));
        if (wanted.isPresent() && wanted.get() != mark.to()) {
            throw new ToolRefusedException("a growth to " + mark.to() + " partitions is under way, not to "
                    + wanted.get() + ": leave --to away to end it");
        }
        Snapshot before = Snapshot.in(folder.resolve(before(mark.id())));
        Snapshot after = Snapshot.in(folder.resolve(mark.id()));
        before.verify();
        after.verify();
        checkMailboxIsAsItWas(before);
        replace(mark, after);
    }

    private GrowthMark begin(String id, Optional<Integer> wanted) {
        int from = cluster.partitions(Topics.MAILBOX.name()).size();
        int to = wanted.orElse(2 * from);
        if (to <= from || to % from != 0 || UserKey.SHARDS % to != 0) {
            throw new ToolRefusedException("the mailbox has " + from + " partitions and cannot be given " + to
                    + ": it must be twice as many, or four times, up to " + UserKey.SHARDS);
        }
        drain();
        List<Long> ends = ends(from);
        Snapshot before = snapshots.atRest(before(id), folder, ends);
        progress.accept("cutting the state for " + to + " partitions");
        List<Long> offsets = new ArrayList<>(ends);
        offsets.addAll(Collections.nCopies(to - from, 0L));
        Snapshot after = Recut.cut(before, id, to, offsets);
        GrowthMark mark = new GrowthMark(id, from, to);
        checkMailboxIsAsItWas(before);
        commit(after.manifest().mailboxOffsets().subList(0, from), mark.metadata());
        return mark;
    }

    // The new state is in place only when its last changelog is; the offsets without the mark come last.
    private void replace(GrowthMark mark, Snapshot after) {
        if (cluster.partitions(Topics.MAILBOX.name()).size() < mark.to()) {
            progress.accept("giving the mailbox " + mark.to() + " partitions");
            Cluster.get(cluster.admin()
                    .createPartitions(Map.of(Topics.MAILBOX.name(), NewPartitions.increaseTo(mark.to())))
                    .all());
            cluster.await(
                    LEAVING,
                    "the mailbox to have them",
                    () -> cluster.partitions(Topics.MAILBOX.name()).size() == mark.to());
        }
        Changelogs changelogs = new Changelogs(cluster, router);
        for (String store : RouterStores.NAMES) {
            progress.accept("making " + changelogs.topic(store) + " anew");
            cluster.delete(List.of(changelogs.topic(store)));
            changelogs.create(store, mark.to(), after.manifest().changelogs().getOrDefault(store, Map.of()));
            changelogs.load(store, after, (of, entry) -> true);
        }
        progress.accept("reading the changelogs back");
        snapshots.checkFilled(changelogs, after);
        commit(after.manifest().mailboxOffsets(), "");
    }

    // What the mailbox holds was written for the old partitions, so it must be decided by them.
    private void drain() {
        int partitions = cluster.partitions(Topics.MAILBOX.name()).size();
        if (behind(partitions) == 0) {
            return;
        }
        progress.accept(
                behind(partitions) + " records of the mailbox are not decided yet: running the router for them");
        Path stateDir = temporary();
        Map<String, String> own = new HashMap<>(settings);
        own.put("roles", "router");
        own.put("state.dir", stateDir.toString());
        own.put("router.standby.replicas", "0");
        own.put("health.port", "-1");
        try (TopologyApp app = TopologyApp.start(HeraldConfig.from(own))) {
            cluster.await(DRAINING, "the router to decide what is left", () -> app.failed() || behind(partitions) == 0);
            if (app.failed()) {
                throw new ToolRefusedException("the router fails on what is left to decide; see its log");
            }
        } finally {
            delete(stateDir);
        }
        awaitStopped();
    }

    private long behind(int partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = cluster.committed(router);
        List<Long> ends = ends(partitions);
        long behind = 0;
        for (int partition = 0; partition < partitions; partition++) {
            OffsetAndMetadata at = committed.get(new TopicPartition(Topics.MAILBOX.name(), partition));
            behind += ends.get(partition) - (at == null ? 0 : at.offset());
        }
        return behind;
    }

    private void awaitStopped() {
        HeraldConfig config = cluster.config();
        List<String> groups = List.of(config.intakeId(), config.bulkId(), router);
        List<String> running = new ArrayList<>(groups);
        try {
            cluster.await(LEAVING, "the topology to be stopped", () -> {
                running.removeIf(this::isEmpty);
                return running.isEmpty();
            });
        } catch (ToolRefusedException still) {
            throw new ToolRefusedException(
                    running + " still have members: stop every process of the topology first", still);
        }
    }

    private boolean isEmpty(String group) {
        try {
            ConsumerGroupDescription described = Cluster.get(cluster.admin()
                            .describeConsumerGroups(List.of(group))
                            .all())
                    .get(group);
            return described.groupState() == GroupState.EMPTY || described.groupState() == GroupState.DEAD;
        } catch (GroupIdNotFoundException never) {
            return true;
        }
    }

    private void checkMailboxIsAsItWas(Snapshot before) {
        List<Long> were = before.manifest().mailboxOffsets();
        List<Long> are = ends(were.size());
        if (!are.equals(were)) {
            throw new ToolRefusedException("the mailbox ends at " + are + " and not at " + were + ", where "
                    + before.folder() + " was taken: something has written to it since");
        }
    }

    private List<Long> ends(int partitions) {
        List<TopicPartition> mailbox = cluster.partitions(Topics.MAILBOX.name()).subList(0, partitions);
        Map<TopicPartition, Long> ends = cluster.offsets(mailbox, OffsetSpec.latest());
        return mailbox.stream().map(ends::get).toList();
    }

    private void commit(List<Long> offsets, String metadata) {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        for (int partition = 0; partition < offsets.size(); partition++) {
            places.put(
                    new TopicPartition(Topics.MAILBOX.name(), partition),
                    new OffsetAndMetadata(offsets.get(partition), metadata));
        }
        Cluster.get(cluster.admin().alterConsumerGroupOffsets(router, places).all());
    }

    private static String before(String id) {
        return id + "-before";
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("herald-growth");
        } catch (IOException failure) {
            throw new UncheckedIOException("there is no place for the router's state", failure);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + folder, failure);
        }
    }
}
