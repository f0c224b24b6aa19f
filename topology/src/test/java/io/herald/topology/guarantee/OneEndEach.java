package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** A delivery is routed before it ends, and it ends at most once; {@link #open} tells those that have not. */
public final class OneEndEach implements Guarantee {
    private static final Set<DeliveryState> ENDS = EnumSet.of(
            DeliveryState.ACCEPTED,
            DeliveryState.SKIPPED,
            DeliveryState.DEAD,
            DeliveryState.EXPIRED,
            DeliveryState.CANCELLED);

    private final Set<String> routed = new HashSet<>();
    private final Map<String, Integer> ends = new HashMap<>();

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.LEDGER)) {
            return;
        }
        LedgerEntry entry = (LedgerEntry) value;
        if (entry.getBody() instanceof Decision decision) {
            decision.getVerdicts().stream()
                    .filter(verdict -> verdict.getState() == DeliveryState.ROUTED)
                    .map(ChannelVerdict::getDeliveryId)
                    .forEach(routed::add);
        } else if (entry.getBody() instanceof Transition moved && !moved.getLate() && ENDS.contains(moved.getState())) {
            ends.merge(moved.getDeliveryId(), 1, Integer::sum);
        }
    }

    @Override
    public void check() {
        assertThat(routed).as("deliveries that ended were routed").containsAll(ends.keySet());
        assertThat(ends.values()).as("ends of each delivery").allMatch(count -> count == 1);
    }

    /** Returns the deliveries that have not ended. */
    public Set<String> open() {
        Set<String> open = new HashSet<>(routed);
        open.removeAll(ends.keySet());
        return open;
    }
}
