package io.herald.topology.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Broadcast;
import io.herald.schema.BroadcastRun;
import io.herald.topology.audience.Subscriptions;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The next users of a broadcast, behind its cursor.
 *
 * @param cursor where the next walk begins
 * @param done whether there are no more, as far as the walk may go
 */
record Walk(List<Met> met, ByteBuffer cursor, boolean done) {
    // Shards without a subscriber cost a look each.
    private static final int MOST_SHARDS = 256;
    // Nor do users of other tenants cost nothing: all that is looked at on a tick delays what comes behind it.
    private static final int MOST_OTHERS = 2_000;

    /**
     * A user that the walk met.
     *
     * @param by the topic that they subscribe to; null where the walk is over all users
     */
    record Met(UserKey user, String by) {}

    /**
     * Walks over all users: in the order of shards, so that a walk goes on where it was when partitions are doubled.
     */
    static Walk users(KeyValueStore<Bytes, byte[]> profiles, BroadcastRun run, int most, int shardLimit) {
        byte[] cursor = bytes(run.getCursor());
        List<Met> met = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> users = profiles.range(after(cursor), RouterStores.firstOf(shardLimit))) {
            for (int looked = 0; looked < most + MOST_OTHERS && met.size() < most && users.hasNext(); looked++) {
                byte[] key = users.next().key.get();
                if (RouterStores.shard(key) >= shardLimit) {
                    return walk(met, cursor, true);
                }
                cursor = key;
                UserKey user = UserKey.parse(new String(key, 2, key.length - 2, UTF_8));
                if (user.tenant().equals(run.getBroadcast().getTenant())) {
                    met.add(new Met(user, null));
                }
            }
            return walk(met, cursor, !users.hasNext());
        }
    }

    /**
     * Walks over the subscribers of a topic and of those above it: shard by shard, in each the topics from the longest
     * path to the shortest.
     */
    static Walk subscribers(KeyValueStore<Bytes, byte[]> subscribers, BroadcastRun run, int most, int shardLimit) {
        Broadcast broadcast = run.getBroadcast();
        List<String> topics = Subscriptions.prefixes(broadcast.getTopic());
        byte[] cursor = bytes(run.getCursor());
        int shard = cursor.length == 0 ? 0 : RouterStores.shard(cursor);
        List<Met> met = new ArrayList<>();
        for (int shards = 0; shards < MOST_SHARDS && shard < shardLimit; shards++) {
            for (String topic : after(cursor, topics)) {
                byte[] first = RouterStores.firstSubscriber(shard, broadcast.getTenant(), topic)
                        .get();
                byte[] from = cursor.length > 2 && topicOf(cursor).equals(topic)
                        ? after(cursor).get()
                        : first;
                try (KeyValueIterator<Bytes, byte[]> users =
                        subscribers.range(Bytes.wrap(from), Bytes.wrap(endOf(first)))) {
                    while (users.hasNext()) {
                        byte[] key = users.next().key.get();
                        if (met.size() == most) {
                            return walk(met, cursor, false);
                        }
                        cursor = key;
                        String user = new String(key, first.length, key.length - first.length, UTF_8);
                        met.add(new Met(new UserKey(broadcast.getTenant(), user), topic));
                    }
                }
            }
            shard = nextShard(subscribers, shard + 1, shardLimit);
            cursor = RouterStores.firstOf(shard).get();
        }
        return walk(met, cursor, shard >= shardLimit);
    }

    private static Walk walk(List<Met> met, byte[] cursor, boolean done) {
        return new Walk(met, ByteBuffer.wrap(cursor), done);
    }

    // Jumps over the shards that other partitions have, and those in which nobody subscribes to anything.
    private static int nextShard(KeyValueStore<Bytes, byte[]> subscribers, int from, int shardLimit) {
        try (KeyValueIterator<Bytes, byte[]> next =
                subscribers.range(RouterStores.firstOf(from), RouterStores.firstOf(shardLimit))) {
            if (!next.hasNext()) {
                return shardLimit;
            }
            KeyValue<Bytes, byte[]> entry = next.next();
            return Math.min(shardLimit, RouterStores.shard(entry.key.get()));
        }
    }

    // The topics that are still to be walked in the cursor's shard.
    private static List<String> after(byte[] cursor, List<String> topics) {
        return cursor.length <= 2
                ? topics
                : topics.subList(Math.max(0, topics.indexOf(topicOf(cursor))), topics.size());
    }

    private static String topicOf(byte[] key) {
        return new String(key, 2, key.length - 2, UTF_8).split("\0", 3)[1];
    }

    private static Bytes after(byte[] key) {
        return Bytes.wrap(Arrays.copyOf(key, key.length + 1));
    }

    // The NUL that ends a topic's name is followed by no byte that is higher than this.
    private static byte[] endOf(byte[] first) {
        byte[] end = Arrays.copyOf(first, first.length + 1);
        end[first.length] = (byte) 0xFF;
        return end;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
