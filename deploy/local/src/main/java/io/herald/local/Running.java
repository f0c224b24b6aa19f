package io.herald.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Says that a state folder is in use, for as long as this is open, and what runs there. The claim is a lock on a file,
 * so it ends with the process, however that ends.
 */
final class Running implements AutoCloseable {
    private final StateFolder folder;
    private final FileChannel channel;
    private final FileLock lock;

    private Running(StateFolder folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /** Claims {@code folder}; empty if another process has it. */
    static Optional<Running> claim(StateFolder folder) {
        try {
            FileChannel channel = FileChannel.open(
                    folder.root().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new Running(folder, channel, lock));
        } catch (IOException failure) {
            throw new StackException("cannot lock " + folder.root(), failure);
        }
    }

    /** Returns what the process that has claimed {@code folder} says about itself. */
    static String described(StateFolder folder) {
        try {
            return Files.readString(description(folder));
        } catch (IOException notYet) {
            return "It is only just starting.";
        }
    }

    /** Sets what there is to say about what runs; readers see the old text or the new one, never half of it. */
    void describe(String text) {
        Path file = description(folder);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new StackException("cannot write " + file, failure);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(description(folder));
            lock.release();
            channel.close();
        } catch (IOException failure) {
            throw new StackException("cannot release " + folder.root(), failure);
        }
    }

    private static Path description(StateFolder folder) {
        return folder.run().resolve("up");
    }
}
