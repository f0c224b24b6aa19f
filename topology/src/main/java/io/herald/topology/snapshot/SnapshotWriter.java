package io.herald.topology.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes a snapshot into a folder of its own, which gets its name only when everything is in it and was read back. */
final class SnapshotWriter {
    private static final String UNFINISHED = ".unfinished";

    private final Path target;
    private final Path draft;
    private final List<Manifest.Part> parts = new ArrayList<>();

    /**
     * Begins a snapshot.
     *
     * @throws ToolRefusedException if there is one of that id already
     */
    SnapshotWriter(Path parent, String id) {
        target = parent.resolve(id);
        draft = parent.resolve(id + UNFINISHED);
        if (Files.exists(target)) {
            throw new ToolRefusedException(target + " exists already: give another --id, or remove it");
        }
        try {
            delete(draft);
            Files.createDirectories(draft);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + draft, failure);
        }
    }

    void add(String store, int partition, Entries entries) {
        String name = store + "-" + partition + ".entries";
        EntryFile.Written written = EntryFile.write(draft.resolve(name), entries);
        parts.add(new Manifest.Part(store, partition, name, written.entries(), written.bytes(), written.sha256()));
    }

    /** Ends it: with the manifest that {@code made} makes of the parts. */
    Snapshot complete(Function<List<Manifest.Part>, Manifest> made) {
        made.apply(List.copyOf(parts)).write(draft);
        Snapshot.in(draft).verify();
        try {
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot move " + draft + " to " + target, failure);
        }
        return Snapshot.in(target);
    }

    /** Removes what was written so far. */
    void abandon() {
        try {
            delete(draft);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + draft, failure);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
