package io.herald.topology.snapshot;

import io.herald.topology.identity.Ids;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/**
 * Entries in a file: for each the key's length and the key, the timestamp, the value's length and the value; at the end
 * -1 in place of a length, and how many there were.
 */
final class EntryFile {
    private static final int END = -1;
    private static final int BUFFER = 1 << 16;
    // More than any record of a changelog has; a length above it is damage, and must not be allocated.
    private static final int MOST_BYTES = 8 << 20;

    private EntryFile() {}

    /** What was written. */
    record Written(long entries, long bytes, String sha256) {}

    static Written write(Path file, Entries entries) {
        MessageDigest digest = Ids.sha256();
        long count;
        try (OutputStream raw = Files.newOutputStream(file)) {
            count = write(new DigestOutputStream(raw, digest), entries);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
        return new Written(count, size(file), HexFormat.of().formatHex(digest.digest()));
    }

    /** Returns what the digest of a file with {@code entries} would be. */
    static String sha256(Entries entries) {
        MessageDigest digest = Ids.sha256();
        try {
            write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), entries);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot digest", failure);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static long write(OutputStream to, Entries entries) throws IOException {
        long[] count = {0};
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to, BUFFER));
        entries.forEach(entry -> {
            put(out, entry);
            count[0]++;
        });
        out.writeInt(END);
        out.writeLong(count[0]);
        out.flush();
        return count[0];
    }

    static void read(Path file, Consumer<StateEntry> reader) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            long count = 0;
            for (int length = in.readInt(); length != END; length = in.readInt()) {
                Bytes key = bytes(in, length, file);
                long timestamp = in.readLong();
                reader.accept(new StateEntry(key, bytes(in, in.readInt(), file), timestamp));
                count++;
            }
            if (in.readLong() != count || in.read() != -1) {
                throw new ToolRefusedException(file + " is damaged: it does not end where it should");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    static String sha256(Path file) {
        MessageDigest digest = Ids.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read != -1; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void put(DataOutputStream out, StateEntry entry) {
        try {
            out.writeInt(entry.key().get().length);
            out.write(entry.key().get());
            out.writeLong(entry.timestamp());
            out.writeInt(entry.value().get().length);
            out.write(entry.value().get());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Bytes bytes(DataInputStream in, int length, Path file) throws IOException {
        if (length < 0 || length > MOST_BYTES) {
            throw new ToolRefusedException(file + " is damaged: no entry has a length of " + length);
        }
        return Bytes.wrap(in.readNBytes(length));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }
}
