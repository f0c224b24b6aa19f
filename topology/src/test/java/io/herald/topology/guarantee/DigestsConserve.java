package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Reason;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.digest.Digests;
import io.herald.wire.UserKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * What goes into a digest comes out of it: each digest is decided once, and says how many there are in it, less those
 * that were taken back and those that its user does not want any more.
 */
public final class DigestsConserve implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();
    private final Map<String, Collected> digests = new LinkedHashMap<>();
    private final Map<String, Long> told = new LinkedHashMap<>();

    DigestsConserve(History history) {
        this.history = history;
    }

    /** A digest: the ids of what is in it. */
    private static final class Collected {
        private final UserKey user;
        private final List<String> members = new ArrayList<>();
        private boolean decided;

        Collected(UserKey user) {
            this.user = user;
        }
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (value instanceof Delivery delivery && delivery.getDigestCount() != null) {
            told.put(delivery.getNotificationId(), delivery.getDigestCount());
        } else if (topic.equals(Topics.LEDGER) && ((LedgerEntry) value).getBody() instanceof Decision decision) {
            LedgerEntry entry = (LedgerEntry) value;
            decided(new UserKey(entry.getTenant(), entry.getUser()), entry.getNotificationId(), decision);
        }
    }

    private void decided(UserKey user, String notification, Decision decision) {
        for (ChannelVerdict verdict : decision.getVerdicts()) {
            if (verdict.getReason() == Reason.DIGESTED) {
                Collected digest = digests.computeIfAbsent(verdict.getDetail(), id -> new Collected(user));
                faults.unless(
                        !digest.decided, verdict.getDetail() + " was sent, and got " + notification + " all the same");
                faults.unless(
                        digest.members.add(notification), verdict.getDetail() + " has " + notification + " twice");
            }
        }
        if (decision.getDigest() != null) {
            Collected digest = digests.get(decision.getDigest());
            faults.unless(
                    digest != null && !digest.decided && digest.members.remove(notification),
                    notification + " was taken out of " + decision.getDigest() + ", and is not in it, or it was sent");
        }
        if (decision.getSource().equals(Digests.SOURCE) && !decision.getAgain()) {
            sent(notification);
        }
    }

    private void sent(String id) {
        Collected digest = digests.get(id);
        faults.unless(digest != null && !digest.decided, id + " was sent twice, or out of nothing");
        if (digest != null) {
            digest.decided = true;
            faults.unless(!digest.members.isEmpty(), id + " was sent with nothing in it");
        }
    }

    private void hold(String id, long count) {
        Collected digest = digests.get(id);
        faults.unless(
                digest != null && digest.members.size() == count,
                id + " says " + count + ", and has " + (digest == null ? "never had any" : digest.members));
    }

    // What is written together is only compared when all of it is there: topics have no order between them.
    @Override
    public void check() {
        told.forEach(this::hold);
        told.clear();
        faults.check();
    }

    /** Demands that every digest was sent; those of users who were erased, and those that became empty, are not. */
    public void checkEnded() {
        assertThat(digests.entrySet().stream()
                        .filter(digest -> !digest.getValue().decided)
                        .filter(digest -> !digest.getValue().members.isEmpty())
                        .filter(digest ->
                                !history.person(digest.getValue().user).isErased())
                        .map(Map.Entry::getKey))
                .as("digests that never came")
                .isEmpty();
    }
}
