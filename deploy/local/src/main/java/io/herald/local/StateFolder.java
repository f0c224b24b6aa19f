package io.herald.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a stack keeps everything: {@code data/} what survives a restart, {@code log/} what the processes say,
 * {@code run/} which processes there are.
 */
public record StateFolder(Path root) {
    private static final String MARK = "herald-state";
    private static final String DATA = "data";
    private static final String LOG = "log";
    private static final String RUN = "run";

    /**
     * Uses {@code root}, making it if need be.
     *
     * @throws StackException if it is there already and is something else; nothing of it is touched then
     */
    public static StateFolder at(Path root) {
        StateFolder folder = new StateFolder(root.toAbsolutePath().normalize());
        try {
            if (Files.isDirectory(folder.root) && !Files.exists(folder.root.resolve(MARK)) && !isEmpty(folder.root)) {
                throw new StackException(folder.root + " is not empty and not a state folder of Herald");
            }
            Files.writeString(made(folder.root).resolve(MARK), "scripts/up keeps its state here; --fresh empties it\n");
            return folder;
        } catch (IOException failure) {
            throw new StackException("cannot use " + folder.root + " for state", failure);
        }
    }

    /** Returns the folder of one component's data, made if need be. */
    public Path data(String component) {
        return made(root.resolve(DATA).resolve(component));
    }

    /** Returns the file that a process writes its output to. */
    public Path log(String process) {
        return made(root.resolve(LOG)).resolve(process + ".log");
    }

    /** Returns the folder of what is on record about running processes. */
    Path run() {
        return made(root.resolve(RUN));
    }

    /** Deletes all data and logs. Nothing may be running. */
    void wipe() {
        for (String part : List.of(DATA, LOG, RUN)) {
            delete(root.resolve(part));
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new StackException("cannot delete " + folder, failure);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + folder, failure);
        }
    }
}
