package io.herald.topology.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteOptions;

/** The last value of each key of several changelogs, on disk while they are read: state need not fit into memory. */
final class LastValues implements AutoCloseable {
    private static final int PREFIX = 3;

    private final Path folder;
    private final Options options;
    private final WriteOptions writing;
    private final RocksDB database;

    LastValues() {
        RocksDB.loadLibrary();
        options = new Options().setCreateIfMissing(true).setWriteBufferSize(32L << 20);
        writing = new WriteOptions().setDisableWAL(true);
        try {
            folder = Files.createTempDirectory("herald-snapshot");
            database = RocksDB.open(options, folder.toString());
        } catch (IOException | RocksDBException failure) {
            throw new IllegalStateException("cannot keep values aside", failure);
        }
    }

    /** Keeps a value in place of the one before; null removes it. */
    void put(int store, int partition, byte[] key, byte[] value, long timestamp) {
        byte[] place = place(store, partition, key);
        try {
            if (value == null) {
                database.delete(writing, place);
            } else {
                database.put(
                        writing,
                        place,
                        ByteBuffer.allocate(Long.BYTES + value.length)
                                .putLong(timestamp)
                                .put(value)
                                .array());
            }
        } catch (RocksDBException failure) {
            throw new IllegalStateException("cannot keep values aside", failure);
        }
    }

    /** Returns what there is of a changelog's partition, by key. */
    Entries entries(int store, int partition) {
        return reader -> {
            byte[] first = place(store, partition, new byte[0]);
            byte[] last = place(store, partition + 1, new byte[0]);
            try (Slice end = new Slice(last);
                    ReadOptions range = new ReadOptions().setIterateUpperBound(end);
                    RocksIterator all = database.newIterator(range)) {
                for (all.seek(first); all.isValid(); all.next()) {
                    reader.accept(entry(all.key(), all.value()));
                }
                all.status();
            } catch (RocksDBException failure) {
                throw new IllegalStateException("cannot read what was kept aside", failure);
            }
        };
    }

    @Override
    public void close() {
        database.close();
        writing.close();
        options.close();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + folder, failure);
        }
    }

    private static byte[] place(int store, int partition, byte[] key) {
        return ByteBuffer.allocate(PREFIX + key.length)
                .put((byte) store)
                .putShort((short) partition)
                .put(key)
                .array();
    }

    private static StateEntry entry(byte[] place, byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        long timestamp = bytes.getLong();
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        byte[] key = new byte[place.length - PREFIX];
        System.arraycopy(place, PREFIX, key, 0, key.length);
        return new StateEntry(Bytes.wrap(key), Bytes.wrap(rest), timestamp);
    }
}
