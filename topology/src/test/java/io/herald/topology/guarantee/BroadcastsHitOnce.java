package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.AttributeFilter;
import io.herald.schema.Broadcast;
import io.herald.schema.BroadcastPhase;
import io.herald.schema.BroadcastState;
import io.herald.schema.BroadcastStateKey;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * A broadcast hits each user whom it means once: those whom it meant all the time from its beginning to its end, and no
 * one whom it never meant. Who began or ceased to be meant on the way may be hit or not.
 */
public final class BroadcastsHitOnce implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();
    private final Map<String, Map<UserKey, Integer>> begun = new HashMap<>();
    private final Map<String, Set<UserKey>> hit = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private final Map<String, BroadcastPhase> phases = new HashMap<>();
    private final Map<Broadcast, BroadcastState> ending = new HashMap<>();

    BroadcastsHitOnce(History history) {
        this.history = history;
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (topic.equals(Topics.BROADCAST_STATE)) {
            BroadcastStateKey at = Keys.read(BroadcastStateKey.class, key);
            find(at.getTenant(), at.getSource(), at.getBroadcastId())
                    .ifPresent(broadcast -> moved(broadcast, (BroadcastState) value));
        } else if (topic.equals(Topics.LEDGER)
                && ((LedgerEntry) value).getBody() instanceof Decision decision
                && !decision.getAgain()) {
            LedgerEntry entry = (LedgerEntry) value;
            UserKey user = new UserKey(entry.getTenant(), entry.getUser());
            find(entry.getTenant(), decision.getSource(), decision.getEventId())
                    .ifPresent(broadcast -> met(broadcast, user));
        }
    }

    // The first state that is written is that of its beginning, or of its waiting for it.
    private void moved(Broadcast broadcast, BroadcastState state) {
        String name = name(broadcast);
        phases.put(name, BroadcastPhase.valueOf(state.getPhase()));
        if (begun.putIfAbsent(name, counts()) != null
                && BroadcastPhase.valueOf(state.getPhase()) == BroadcastPhase.DONE
                && !done.contains(name)) {
            ending.put(broadcast, state);
        }
    }

    private void ended(Broadcast broadcast, BroadcastState state) {
        String name = name(broadcast);
        done.add(name);
        for (UserKey user : history.users()) {
            boolean always = meant(broadcast, user).allMatch(meant -> meant);
            faults.unless(!always || hits(name).contains(user), name + " is done, and has left out " + user);
        }
        faults.unless(
                state.getNotified() == hits(name).size(),
                name + " counts " + state.getNotified() + ", and hit " + hits(name));
    }

    private void met(Broadcast broadcast, UserKey user) {
        String name = name(broadcast);
        faults.unless(!done.contains(name), name + " was done, and hit " + user);
        faults.unless(hits(name).add(user), name + " hit twice " + user);
        boolean ever = begun.containsKey(name) && meant(broadcast, user).anyMatch(meant -> meant);
        faults.unless(ever, name + " never meant, and hit " + user);
    }

    // Whether it meant a user, from its beginning to now, after each word of theirs.
    private Stream<Boolean> meant(Broadcast broadcast, UserKey user) {
        List<History.Fact> facts = history.facts(user);
        int from = begun.get(name(broadcast)).getOrDefault(user, 0);
        return IntStream.rangeClosed(from, facts.size())
                .mapToObj(count -> isMeant(broadcast, user, history.person(user, count)));
    }

    private static boolean isMeant(Broadcast broadcast, UserKey user, Person person) {
        if (!person.isKnown() || !user.tenant().equals(broadcast.getTenant())) {
            return false;
        }
        for (AttributeFilter filter : broadcast.getFilters()) {
            String value = person.attribute(filter.getName());
            if (value == null || !filter.getValues().contains(value)) {
                return false;
            }
        }
        return broadcast.getTopic() == null
                || person.hears(broadcast.getTopic()).isPresent();
    }

    private Map<UserKey, Integer> counts() {
        Map<UserKey, Integer> counts = new HashMap<>();
        history.users().forEach(user -> counts.put(user, history.facts(user).size()));
        return counts;
    }

    private Set<UserKey> hits(String name) {
        return hit.computeIfAbsent(name, key -> new HashSet<>());
    }

    private Optional<Broadcast> find(String tenant, String source, String id) {
        return history.broadcasts().stream()
                .filter(broadcast -> broadcast.getTenant().equals(tenant)
                        && broadcast.getSource().equals(source)
                        && broadcast.getId().equals(id))
                .findFirst();
    }

    /** Demands that every broadcast has ended, when the time of everything is over; those that are paused may not. */
    public void checkEnded() {
        assertThat(phases).as("broadcasts that have not ended").doesNotContainValue(BroadcastPhase.RUNNING);
        assertThat(phases).as("broadcasts that have not begun").doesNotContainValue(BroadcastPhase.WAITING);
    }

    private static String name(Broadcast broadcast) {
        return broadcast.getTenant() + "/" + broadcast.getSource() + "/" + broadcast.getId();
    }

    // What is written together is only compared when all of it is there: topics have no order between them.
    @Override
    public void check() {
        ending.forEach(this::ended);
        ending.clear();
        faults.check();
    }
}
