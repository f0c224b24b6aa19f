package io.herald.topology.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A complete snapshot in its folder. */
public final class Snapshot {
    private final Path folder;
    private final Manifest manifest;

    private Snapshot(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Opens the snapshot in {@code folder}.
     *
     * @throws ToolRefusedException if there is no complete one
     */
    public static Snapshot in(Path folder) {
        if (!Files.exists(folder.resolve(Manifest.FILE))) {
            throw new ToolRefusedException("there is no complete snapshot in " + folder);
        }
        return new Snapshot(folder, Manifest.read(folder));
    }

    /** Returns the complete snapshots in the folders of {@code parent}, the newest first. */
    public static List<Snapshot> all(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(folder -> Files.exists(folder.resolve(Manifest.FILE)))
                    .map(Snapshot::in)
                    .sorted(Comparator.comparing(
                                    (Snapshot snapshot) -> snapshot.manifest().time())
                            .reversed())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + parent, failure);
        }
    }

    public Path folder() {
        return folder;
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Returns the entries of a store in a partition. */
    public Entries entries(String store, int partition) {
        Manifest.Part part = manifest.files().stream()
                .filter(file -> file.store().equals(store) && file.partition() == partition)
                .findFirst()
                .orElseThrow(() ->
                        new ToolRefusedException(folder + " has no file of " + store + " partition " + partition));
        return reader -> EntryFile.read(folder.resolve(part.name()), reader);
    }

    /**
     * Reads every file and compares it with the manifest.
     *
     * @throws ToolRefusedException naming the first that is not as it was written
     */
    public void verify() {
        for (Manifest.Part part : manifest.files()) {
            Path file = folder.resolve(part.name());
            if (!Files.exists(file)) {
                throw new ToolRefusedException(file + " is missing");
            }
            if (!EntryFile.sha256(file).equals(part.sha256())) {
                throw new ToolRefusedException(file + " is damaged: it is not what was written when the snapshot was");
            }
        }
    }
}
