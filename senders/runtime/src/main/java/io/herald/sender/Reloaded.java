package io.herald.sender;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is made from a file, or from all files of a folder, and made anew when they change: keys that are
 * rotated without a restart.
 *
 * <p>Looks no more often than it is told to, when it is asked. What cannot be read then leaves the old in force, and is
 * logged once. Thread-safe.
 */
public final class Reloaded<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);

    private final Path path;
    private final long interval;
    private final Function<Map<String, byte[]>, T> maker;
    private final LongSupplier nanos;
    private Map<String, byte[]> contents;
    private volatile T value;
    private volatile long looked;

    /**
     * Reads it for the first time.
     *
     * @param path a file or a folder; what begins with a dot is left out
     * @param interval how often to look at most
     * @param maker makes it of the contents by file name; throws if they are no good
     * @throws IOException if it cannot be read
     */
    public Reloaded(Path path, Duration interval, Function<Map<String, byte[]>, T> maker) throws IOException {
        this(path, interval, maker, System::nanoTime);
    }

    Reloaded(Path path, Duration interval, Function<Map<String, byte[]>, T> maker, LongSupplier nanos)
            throws IOException {
        this.path = path;
        this.interval = interval.toNanos();
        this.maker = maker;
        this.nanos = nanos;
        this.contents = read();
        this.value = maker.apply(contents);
        this.looked = nanos.getAsLong();
    }

    /** Returns what was made of the files as they are now, or were {@code interval} ago. */
    public T get() {
        if (nanos.getAsLong() - looked >= interval) {
            look();
        }
        return value;
    }

    private synchronized void look() {
        if (nanos.getAsLong() - looked < interval) {
            return;
        }
        looked = nanos.getAsLong();
        try {
            Map<String, byte[]> now = read();
            if (same(now, contents)) {
                return;
            }
            contents = now;
            value = maker.apply(now);
            LOG.info("Read {} anew", path);
        } catch (IOException | RuntimeException unusable) {
            // The message may quote what is secret.
            LOG.warn(
                    "What is in {} now is of no use, the old stays: {}",
                    path,
                    unusable.getClass().getSimpleName());
        }
    }

    private Map<String, byte[]> read() throws IOException {
        Map<String, byte[]> read = new TreeMap<>();
        if (!Files.isDirectory(path)) {
            read.put(path.getFileName().toString(), Files.readAllBytes(path));
            return read;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && Files.isRegularFile(file)) {
                    read.put(name, Files.readAllBytes(file));
                }
            }
        }
        return read;
    }

    private static boolean same(Map<String, byte[]> one, Map<String, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(each -> Arrays.equals(each.getValue(), other.get(each.getKey())));
    }
}
