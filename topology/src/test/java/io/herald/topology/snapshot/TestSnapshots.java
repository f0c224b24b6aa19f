package io.herald.topology.snapshot;

import io.herald.topology.router.RouterStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Makes snapshots without a cluster. */
final class TestSnapshots {
    private TestSnapshots() {}

    /** Where a store's entries of a partition come from. */
    interface Source {
        List<StateEntry> entries(String store, int partition);
    }

    static Snapshot write(Path parent, String id, int partitions, String at, Source source) {
        SnapshotWriter writer = new SnapshotWriter(parent, id);
        for (String store : RouterStores.NAMES) {
            for (int partition = 0; partition < partitions; partition++) {
                writer.add(store, partition, source.entries(store, partition)::forEach);
            }
        }
        return writer.complete(parts -> new Manifest(
                id,
                Manifest.Kind.CUT,
                at,
                "test",
                "herald-router",
                "mailbox-id",
                LongStream.range(0, partitions).boxed().toList(),
                Map.of(RouterStores.PROFILES, Map.of("cleanup.policy", "compact")),
                parts));
    }

    static List<StateEntry> read(Snapshot snapshot, String store, int partition) {
        List<StateEntry> entries = new ArrayList<>();
        snapshot.entries(store, partition).forEach(entries::add);
        return entries;
    }
}
