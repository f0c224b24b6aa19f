package io.herald.wire;

import org.apache.kafka.common.utils.Utils;

/**
 * Whose a record is: its key, and its place in topics of any size. Keys are spread over {@link UserKey#SHARDS} virtual
 * shards for ever, and shards over partitions by proportion.
 */
public sealed interface RecordKey permits UserKey, GatewayKey {
    /** Returns the record key. */
    byte[] bytes();

    /** Returns the shard, 0 to 4095. */
    default int shard() {
        return Utils.murmur2(bytes()) & (UserKey.SHARDS - 1);
    }

    /** Returns the partition in a topic of {@code partitions}. */
    default int partition(int partitions) {
        return UserKey.partition(shard(), partitions);
    }
}
