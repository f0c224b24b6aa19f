package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Broadcast;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Reason;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.digest.Digests;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * Nothing is lost and nothing is decided twice: of the copies of an event that producers wrote, one is decided for each
 * recipient and every other one is noted as a repeat. So there are as many entries as copies; a repeat that intake made
 * by itself would be one too many. Digests and broadcasts are nobody's events.
 */
public final class OneDecisionEach implements Guarantee {
    private final Map<String, Integer> copies = new HashMap<>();
    private final Map<String, Integer> decided = new HashMap<>();
    private final Map<String, Integer> repeats = new HashMap<>();
    private final Set<String> broadcasts = new HashSet<>();

    @Override
    public void requested(NotificationRequested event) {
        new HashSet<>(event.getRecipients())
                .forEach(user ->
                        copies.merge(name(event.getTenant(), user, event.getSource(), event.getId()), 1, Integer::sum));
    }

    @Override
    public void read(Mail mail) {
        if (mail.getBody() instanceof Broadcast broadcast) {
            broadcasts.add(name(broadcast.getTenant(), "", broadcast.getSource(), broadcast.getId()));
        }
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.LEDGER)) {
            return;
        }
        LedgerEntry entry = (LedgerEntry) value;
        if (entry.getBody() instanceof Decision decision
                && !decision.getAgain()
                && !decision.getSource().equals(Digests.SOURCE)
                && !broadcasts.contains(name(entry.getTenant(), "", decision.getSource(), decision.getEventId()))) {
            String name = name(entry.getTenant(), entry.getUser(), decision.getSource(), decision.getEventId());
            boolean repeat = decision.getReason() == Reason.DUPLICATE || decision.getReason() == Reason.ID_REUSED;
            (repeat ? repeats : decided).merge(name, 1, Integer::sum);
        }
    }

    // More than there were is wrong at any time; fewer only once nothing moves any more.
    @Override
    public void check() {}

    @Override
    public void checkAtRest() {
        Map<String, Integer> entries = new HashMap<>(decided);
        repeats.forEach((name, count) -> entries.merge(name, count, Integer::sum));
        assertThat(entries)
                .as("decisions and repeats, for each event and recipient")
                .isEqualTo(copies);
    }

    private static String name(String tenant, String user, String source, String id) {
        return tenant + "/" + user + " " + source + " " + id;
    }
}
