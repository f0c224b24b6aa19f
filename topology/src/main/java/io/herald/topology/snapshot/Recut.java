package io.herald.topology.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.BroadcastRun;
import io.herald.topology.router.RouterStores;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * Cuts a snapshot for a multiple of its partitions. Each partition's users go to the partitions that it splits into, by
 * their shards; what is about everyone each of these gets a copy of.
 */
public final class Recut {
    // Of the control store.
    private static final byte[] BROADCAST = "broadcast/".getBytes(UTF_8);

    private Recut() {}

    /**
     * Writes the snapshot {@code id} beside {@code source}, for {@code partitions}.
     *
     * @param offsets for each new partition of the mailbox, where to go on
     */
    public static Snapshot cut(Snapshot source, String id, int partitions, List<Long> offsets) {
        Manifest before = source.manifest();
        if (partitions % before.partitions() != 0 || UserKey.SHARDS % partitions != 0) {
            throw new ToolRefusedException("state of " + before.partitions() + " partitions cannot be cut for "
                    + partitions + ": it must be a multiple, and a power of two up to " + UserKey.SHARDS);
        }
        Path parent = source.folder().getParent();
        SnapshotWriter writer = new SnapshotWriter(parent, id);
        for (String store : RouterStores.NAMES) {
            for (int partition = 0; partition < partitions; partition++) {
                writer.add(store, partition, entries(source, store, partition, partitions));
            }
        }
        return writer.complete(parts -> {
            checkNothingIsLost(before, parts);
            return new Manifest(
                    id,
                    Manifest.Kind.RECUT,
                    before.at(),
                    before.build(),
                    before.application(),
                    before.mailboxTopicId(),
                    List.copyOf(offsets),
                    before.changelogs(),
                    parts);
        });
    }

    /** Returns what of {@code source} belongs into a partition of a store, were it cut for {@code partitions}. */
    static Entries entries(Snapshot source, String store, int partition, int partitions) {
        int parts = partitions / source.manifest().partitions();
        Entries parent = source.entries(store, partition / parts);
        boolean first = partition % parts == 0;
        return reader -> parent.forEach(entry -> {
            if (isIn(store, entry.key(), partition, partitions)) {
                reader.accept(first ? entry : another(store, entry));
            }
        });
    }

    private static boolean isIn(String store, Bytes key, int partition, int partitions) {
        return Shards.of(store, key).stream().allMatch(shard -> UserKey.partition(shard, partitions) == partition);
    }

    // A broadcast that is under way goes on in each part from where it was; what it did before is counted once.
    private static StateEntry another(String store, StateEntry entry) {
        if (!store.equals(RouterStores.CONTROL) || !startsWith(entry.key().get(), BROADCAST)) {
            return entry;
        }
        try {
            BroadcastRun run = BroadcastRun.getDecoder().decode(entry.value().get());
            ByteBuffer bytes = BroadcastRun.getEncoder()
                    .encode(BroadcastRun.newBuilder(run)
                            .setLooked(0)
                            .setNotified(0)
                            .setFailed(0)
                            .build());
            byte[] value = new byte[bytes.remaining()];
            bytes.get(value);
            return new StateEntry(entry.key(), Bytes.wrap(value), entry.timestamp());
        } catch (IOException broken) {
            throw new UncheckedIOException("a broadcast cannot be read", broken);
        }
    }

    // Of a user's there is one copy as before, of what is about everyone one for each new partition.
    private static void checkNothingIsLost(Manifest before, List<Manifest.Part> parts) {
        int times = Collections.max(parts.stream().map(Manifest.Part::partition).toList()) + 1;
        List<String> faults = new ArrayList<>();
        for (String store : RouterStores.NAMES) {
            long expected = count(store, before.files())
                    * (store.equals(RouterStores.CONTROL) ? times / before.partitions() : 1);
            long found = count(store, parts);
            if (expected != found) {
                faults.add(store + " has " + found + " entries instead of " + expected);
            }
        }
        if (!faults.isEmpty()) {
            throw new ToolRefusedException("cutting went wrong: " + faults);
        }
    }

    private static long count(String store, List<Manifest.Part> parts) {
        return parts.stream()
                .filter(part -> part.store().equals(store))
                .mapToLong(Manifest.Part::entries)
                .sum();
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && ByteBuffer.wrap(key, 0, prefix.length).equals(ByteBuffer.wrap(prefix));
    }
}
