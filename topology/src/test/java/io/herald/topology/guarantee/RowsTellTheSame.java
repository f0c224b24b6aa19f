package io.herald.topology.guarantee;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.LedgerState;
import io.herald.schema.LedgerStateKey;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** The row of a notification counts what the ledger says of it, and says that it has ended when it has. */
public final class RowsTellTheSame implements Guarantee {
    private final Faults faults = new Faults();
    private final Map<String, Map<DeliveryState, Integer>> counts = new HashMap<>();
    // After each word of the ledger since the last check: a row is written with one of them, and maybe not again.
    private final Map<String, List<Map<DeliveryState, Integer>>> passed = new HashMap<>();
    private final Map<String, LedgerState> rows = new HashMap<>();

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (topic.equals(Topics.LEDGER)) {
            LedgerEntry entry = (LedgerEntry) value;
            String name = name(entry.getTenant(), entry.getUser(), entry.getNotificationId());
            Map<DeliveryState, Integer> of = counts.computeIfAbsent(name, first -> new EnumMap<>(DeliveryState.class));
            if (entry.getBody() instanceof Decision decision && decision.getReason() == null) {
                if (!decision.getAgain()) {
                    of.clear();
                }
                decision.getVerdicts().stream()
                        .map(ChannelVerdict::getState)
                        .forEach(state -> of.merge(state, 1, Integer::sum));
            } else if (entry.getBody() instanceof Transition moved && !moved.getLate()) {
                of.merge(moved.getState(), 1, Integer::sum);
            }
            passed.computeIfAbsent(name, first -> new ArrayList<>()).add(Map.copyOf(of));
        } else if (topic.equals(Topics.LEDGER_STATE) && value instanceof LedgerState row) {
            LedgerStateKey at = Keys.read(LedgerStateKey.class, key);
            rows.put(name(at.getTenant(), at.getUserId(), at.getNotificationId()), row);
        }
    }

    private void hold(String name, LedgerState row) {
        boolean ended = row.getState().equals("ENDED");
        Map<DeliveryState, Integer> last = counts.getOrDefault(name, Map.of());
        boolean same = isOf(last, row)
                || (!ended && passed.getOrDefault(name, List.of()).stream().anyMatch(of -> isOf(of, row)));
        faults.unless(same, name + " has the row " + row + " and the ledger " + last);
        faults.unless(ended == (row.getOpen() == 0), name + " has the row " + row);
    }

    private static boolean isOf(Map<DeliveryState, Integer> of, LedgerState row) {
        return row.getAccepted() == of.getOrDefault(DeliveryState.ACCEPTED, 0)
                && row.getSkipped() == of.getOrDefault(DeliveryState.SKIPPED, 0)
                && row.getDead() == of.getOrDefault(DeliveryState.DEAD, 0)
                && row.getExpired() == of.getOrDefault(DeliveryState.EXPIRED, 0)
                && row.getCancelled() == of.getOrDefault(DeliveryState.CANCELLED, 0);
    }

    private static String name(String tenant, String user, String notification) {
        return tenant + "/" + user + " " + notification;
    }

    // What is written together is only compared when all of it is there: topics have no order between them.
    @Override
    public void check() {
        rows.forEach(this::hold);
        rows.clear();
        passed.clear();
        faults.check();
    }
}
