package io.herald.topology.app;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all RocksDB stores of the process together: one block cache, and one manager of write buffers
 * that counts against it. Without it every store has its own 50 MB and more, times partitions.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** Streams setting: how many bytes all stores may use together. Only that of the first store counts. */
    static final String MEMORY_BYTES = "herald.rocksdb.memory.bytes";

    private static final long ONE_DAY_SECONDS = 86_400;

    private static Cache cache;
    private static WriteBufferManager buffers;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        share(options, Long.parseLong(String.valueOf(configs.get(MEMORY_BYTES))));
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinL0FilterAndIndexBlocksInCache(true);
        table.setFilterPolicy(new BloomFilter(10));
        // A user is looked up by key, hardly ever beside its neighbours.
        table.setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash);
        options.setTableFormatConfig(table);
        // What is not in memory, which is most, is not looked for there.
        options.setMemtablePrefixBloomSizeRatio(0.05);
        options.setMemtableWholeKeyFiltering(true);
        // The dedup window is asked mostly for what it does not hold: the last level's filters are what answers.
        options.setOptimizeFiltersForHits(false);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
        // Erased users must leave the files, too.
        options.setPeriodicCompactionSeconds(ONE_DAY_SECONDS);
        options.setMaxBackgroundJobs(2);
    }

    @Override
    public void close(String store, Options options) {
        // What is shared lives as long as the process.
    }

    private static synchronized void share(Options options, long bytes) {
        if (cache == null) {
            RocksDB.loadLibrary();
            cache = new LRUCache(bytes, -1, false, 0.1);
            buffers = new WriteBufferManager(bytes / 2, cache);
        }
        options.setWriteBufferManager(buffers);
    }
}
