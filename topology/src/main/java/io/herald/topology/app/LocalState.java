package io.herald.topology.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores on this machine's disk. They are a copy of the changelogs, which are made anew when the mailbox is given
 * more partitions; Streams would not notice, and go on with users that are another partition's. So a note beside them
 * says for how many partitions they are, and those for another number are dropped and restored.
 */
final class LocalState {
    private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);

    private LocalState() {}

    /** Drops the stores of {@code application} unless they are for {@code partitions}. Nothing of it may be running. */
    static void keepOnlyFor(int partitions, Path stateDir, String application) {
        Path note = stateDir.resolve(application + ".partitions");
        Path stores = stateDir.resolve(application);
        try {
            Files.createDirectories(stateDir);
            try (FileChannel channel = FileChannel.open(
                            note, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock alone = channel.lock()) {
                String now = partitions + "\n";
                if (!alone.isValid() || read(channel).equals(now)) {
                    return;
                }
                if (Files.exists(stores)) {
                    LOG.info(
                            "The stores in {} are not for {} partitions: restoring them from Kafka",
                            stores,
                            partitions);
                    delete(stores);
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(now.getBytes(UTF_8)), 0);
                channel.force(true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot use " + stateDir + " for stores", failure);
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), UTF_8);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
