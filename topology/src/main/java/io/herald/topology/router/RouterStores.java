package io.herald.topology.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.topology.dedup.Dedup;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The router's stores: names, kinds and key layouts. Every per-user key starts with the two bytes of the user's shard,
 * so that state can be cut by it; only the agenda does not, because it is read by time and can be derived.
 */
public final class RouterStores {
    /**
     * Key, in every store, of the newest cut. It begins with a shard that no user has, so it is after the keys of all
     * users, and after whatever the agenda is read for.
     */
    public static final Bytes CUT =
            Bytes.wrap(sharded(0xFFFF, "checkpoint".getBytes(UTF_8)).array());
    /** A key that is after those of all users, and before {@link #CUT}: where a walk over users ends. */
    public static final Bytes AFTER_USERS =
            Bytes.wrap(sharded(UserKey.SHARDS, new byte[0]).array());

    /** What users told us. */
    public static final String PROFILES = "profiles";
    /** What Herald did for users. */
    public static final String ACTIVITY = "activity";
    /** First copies of notifications. */
    public static final String DEDUP_WINDOW = "dedup-window";
    /** Payloads that wait. */
    public static final String PENDING = "pending";
    /** The due queue. */
    public static final String AGENDA = "agenda";
    /** Who subscribes to what, by topic. */
    public static final String SUBSCRIBERS = "subscribers";
    /** Who registered a push token last, by the token's hash. */
    public static final String TOKENS = "tokens";
    /** Rules, templates, broadcasts, gateways, erased users, time, origins. */
    public static final String CONTROL = "control";

    /** All of them. */
    public static final List<String> NAMES =
            List.of(PROFILES, ACTIVITY, DEDUP_WINDOW, PENDING, AGENDA, SUBSCRIBERS, TOKENS, CONTROL);

    /**
     * How long a changelog keeps every record. A snapshot must have read up to its cut by then: a value before the cut
     * is compacted away once there is a newer one behind it.
     */
    public static final Duration UNCOMPACTED = Duration.ofMinutes(10);

    private static final Map<String, String> WINDOW_CHANGELOG =
            Map.of("min.compaction.lag.ms", Long.toString(UNCOMPACTED.toMillis()));
    // Deleted records must really go: a user may be erased.
    private static final Map<String, String> CHANGELOG = Map.of(
            "min.compaction.lag.ms",
            Long.toString(UNCOMPACTED.toMillis()),
            "max.compaction.lag.ms",
            Long.toString(Duration.ofDays(7).toMillis()));

    private RouterStores() {}

    /** Returns builders of all stores. Only {@code control} is cached: its few keys change with every record. */
    public static List<StoreBuilder<?>> builders() {
        return List.of(
                keyValue(Stores.persistentKeyValueStore(PROFILES)),
                keyValue(Stores.persistentKeyValueStore(ACTIVITY)),
                Stores.windowStoreBuilder(
                                Stores.persistentWindowStore(
                                        DEDUP_WINDOW, Dedup.WINDOW.multipliedBy(2), Dedup.WINDOW, false),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withLoggingEnabled(WINDOW_CHANGELOG),
                keyValue(Stores.persistentKeyValueStore(PENDING)),
                keyValue(Stores.persistentKeyValueStore(AGENDA)),
                keyValue(Stores.persistentKeyValueStore(SUBSCRIBERS)),
                keyValue(Stores.persistentKeyValueStore(TOKENS)),
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(CONTROL), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingEnabled()
                        .withLoggingEnabled(CHANGELOG));
    }

    /** Returns a user's key in the stores {@code profiles} and {@code activity}. */
    public static Bytes user(UserKey user) {
        return Bytes.wrap(sharded(user, user.bytes()).array());
    }

    static Bytes firstCopy(UserKey user, String notificationId) {
        UUID id = UUID.fromString(notificationId);
        return Bytes.wrap(sharded(
                        user,
                        ByteBuffer.allocate(16)
                                .putLong(id.getMostSignificantBits())
                                .putLong(id.getLeastSignificantBits())
                                .array())
                .array());
    }

    // A user id holds no control character, so the NUL ends it.
    static Bytes pending(UserKey user, String id) {
        return Bytes.wrap(sharded(user, (user + "\0" + id).getBytes(UTF_8)).array());
    }

    /** Returns the id in a key of {@code pending} of this user. */
    static String pendingId(UserKey user, Bytes key) {
        int skipped = 2 + user.bytes().length + 1;
        return new String(key.get(), skipped, key.get().length - skipped, UTF_8);
    }

    /** Returns the first key of a user's in {@code pending}. */
    static Bytes firstPending(UserKey user) {
        return pending(user, "");
    }

    // Nor does a topic.
    static Bytes subscriber(UserKey user, String topic) {
        return Bytes.wrap(
                sharded(user, subscriber(user.tenant(), topic, user.user()).getBytes(UTF_8))
                        .array());
    }

    /** Returns a key that is before all subscribers of a topic in a shard. */
    static Bytes firstSubscriber(int shard, String tenant, String topic) {
        byte[] rest = subscriber(tenant, topic, "").getBytes(UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(2 + rest.length)
                .putShort((short) shard)
                .put(rest)
                .array());
    }

    /** Returns a key that is before everything in a shard. */
    static Bytes firstOf(int shard) {
        return Bytes.wrap(ByteBuffer.allocate(2).putShort((short) shard).array());
    }

    /** Returns the shard that a per-user key begins with. */
    static int shard(byte[] key) {
        return ByteBuffer.wrap(key).getShort() & 0xFFFF;
    }

    private static String subscriber(String tenant, String topic, String user) {
        return tenant + "\0" + topic + "\0" + user;
    }

    private static ByteBuffer sharded(UserKey user, byte[] rest) {
        return sharded(user.shard(), rest);
    }

    private static ByteBuffer sharded(int shard, byte[] rest) {
        return ByteBuffer.allocate(2 + rest.length).putShort((short) shard).put(rest);
    }

    private static StoreBuilder<?> keyValue(KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG);
    }
}
