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
import java.util.stream.Stream;
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
    private final Map<UserKey, List<String>> left = new LinkedHashMap<>();

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
        if (decision.getAgain() && decision.getReason() == Reason.CANCELLED_BY_SOURCE) {
            open(user)
                    .filter(digest -> digest.members.contains(notification))
                    .findFirst()
                    .ifPresentOrElse(
                            digest -> digest.members.remove(notification),
                            () -> faults.add(notification + " was taken out of a digest that it is not in"));
        } else if (decision.getAgain() && decision.getReason() != null) {
            left.computeIfAbsent(user, name -> new ArrayList<>()).add(notification);
        }
        if (decision.getSource().equals(Digests.SOURCE) && !decision.getAgain()) {
            sent(user, notification);
        }
    }

    // What its user does not want any more by then leaves it when it is due, just before it is sent.
    private void sent(UserKey user, String id) {
        Collected digest = digests.get(id);
        faults.unless(digest != null && !digest.decided, id + " was sent twice, or out of nothing");
        if (digest != null) {
            digest.decided = true;
            digest.members.removeAll(left.getOrDefault(user, List.of()));
            left.remove(user);
            faults.unless(!digest.members.isEmpty(), id + " was sent with nothing in it");
        }
    }

    // Or it is not sent, because nothing is left in it.
    private void emptied(UserKey user, List<String> gone) {
        open(user)
                .filter(digest -> gone.containsAll(digest.members))
                .findFirst()
                .ifPresentOrElse(
                        digest -> digest.members.clear(),
                        () -> faults.add(gone + " left a digest that is not sent without them"));
    }

    private Stream<Collected> open(UserKey user) {
        return digests.values().stream().filter(digest -> !digest.decided && digest.user.equals(user));
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
        left.forEach(this::emptied);
        left.clear();
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
