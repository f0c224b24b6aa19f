package io.herald.topology.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.router.RouterStores;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

/** Breaks the payload that an agenda entry refers to, as a damaged disk or a faulty build would. */
public final class PoisonedPending {
    private PoisonedPending() {}

    public static void put(TopologyTestDriver router, AgendaEntry entry) {
        KeyValueStore<Bytes, byte[]> pending = router.getKeyValueStore(RouterStores.PENDING);
        byte[] rest = (entry.user() + "\0" + entry.id()).getBytes(UTF_8);
        Bytes key = Bytes.wrap(ByteBuffer.allocate(2 + rest.length)
                .putShort((short) entry.user().shard())
                .put(rest)
                .array());
        if (pending.get(key) == null) {
            throw new AssertionError("there is no such payload to poison");
        }
        pending.put(key, new byte[] {1, 2, 3});
    }
}
