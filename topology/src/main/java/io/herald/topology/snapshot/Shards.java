package io.herald.topology.snapshot;

import io.herald.topology.router.RouterStores;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.apache.kafka.common.utils.Bytes;

/** Knows from an entry's key alone where it belongs. */
public final class Shards {
    // Of the agenda: behind lane and due time.
    private static final int IN_AGENDA = 9;
    // Of the window store, in its changelog: behind the key.
    private static final int WINDOW_START_AND_NUMBER = Long.BYTES + Integer.BYTES;

    private Shards() {}

    /** Returns the shard that an entry is of; empty for those of which every partition has its own copy. */
    public static OptionalInt of(String store, Bytes key) {
        if (store.equals(RouterStores.CONTROL)) {
            return OptionalInt.empty();
        }
        int at = store.equals(RouterStores.AGENDA) ? IN_AGENDA : 0;
        byte[] bytes = key.get();
        if (bytes.length < at + Short.BYTES) {
            throw new ToolRefusedException("a key of " + store + " is too short to have a shard");
        }
        int shard = ByteBuffer.wrap(bytes).getShort(at);
        if (shard < 0 || shard >= UserKey.SHARDS) {
            throw new ToolRefusedException("a key of " + store + " is of shard " + shard + ", which no user has");
        }
        return OptionalInt.of(shard);
    }

    /** Returns whether a key of a changelog is the mark of a checkpoint. */
    static boolean isCut(String store, Bytes key) {
        byte[] cut = RouterStores.CUT.get();
        byte[] bytes = key.get();
        int length = cut.length + (store.equals(RouterStores.DEDUP_WINDOW) ? WINDOW_START_AND_NUMBER : 0);
        return bytes.length == length && ByteBuffer.wrap(bytes, 0, cut.length).equals(ByteBuffer.wrap(cut));
    }
}
