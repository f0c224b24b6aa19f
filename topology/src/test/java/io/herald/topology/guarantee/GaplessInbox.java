package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** The inbox holds each notification once, and its seqs are 1, 2, 3 … as they were written. */
public final class GaplessInbox implements Guarantee {
    // A zero byte and the schema's id.
    private static final int PREAMBLE = 5;

    private final Map<String, Long> lastSeq = new HashMap<>();
    private final Set<String> notifications = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.INBOX_ITEM) || value == null) {
            return;
        }
        InboxKey at = key(key);
        String user = at.getTenant() + "/" + at.getUserId();
        long expected = lastSeq.getOrDefault(user, 0L) + 1;
        if (at.getSeq() != expected) {
            faults.add(user + " got seq " + at.getSeq() + " where " + expected + " was next");
        }
        lastSeq.put(user, at.getSeq());
        if (!notifications.add(((InboxItem) value).getNotificationId())) {
            faults.add(user + " got a notification twice, at seq " + at.getSeq());
        }
    }

    @Override
    public void check() {
        assertThat(faults).isEmpty();
    }

    /** Returns how many items users got. */
    public int items() {
        return notifications.size();
    }

    private static InboxKey key(byte[] bytes) {
        try {
            return new SpecificDatumReader<>(InboxKey.class)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, PREAMBLE, bytes.length - PREAMBLE, null));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
