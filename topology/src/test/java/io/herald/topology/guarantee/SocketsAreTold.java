package io.herald.topology.guarantee;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.Mail;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Realtime;
import io.herald.topic.Topic;
import io.herald.wire.UserKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/**
 * Whoever holds a socket of a user is told of each change of their inbox, and nobody else is; a socket that opens is
 * greeted, by its name.
 */
final class SocketsAreTold implements Guarantee {
    private final Faults faults = new Faults();
    private final History history;
    private final Map<UserKey, Set<Long>> changed = new HashMap<>();
    private final Map<String, Set<Long>> told = new HashMap<>();
    private final Set<String> greeted = new TreeSet<>();
    private Set<String> expected = Set.of();

    SocketsAreTold(History history) {
        this.history = history;
    }

    @Override
    public void read(Mail mail) {
        if (!history.isRepeat()
                && mail.getBody() instanceof PresenceChanged change
                && change.getState() == PresenceState.CONNECTED) {
            UserKey user = new UserKey(change.getTenant(), change.getUser());
            expected = history.person(user).isErased()
                    ? Set.of()
                    : Set.of(place(change.getGateway(), user) + " " + change.getConnectionId());
        }
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (value instanceof InboxItem || value instanceof InboxMark) {
            InboxKey at = Keys.read(InboxKey.class, key);
            changed.computeIfAbsent(new UserKey(at.getTenant(), at.getUserId()), user -> new TreeSet<>())
                    .add(at.getSeq());
        } else if (value instanceof Realtime change) {
            UserKey user = new UserKey(change.getTenant(), change.getUser());
            String gateway = new String(key, UTF_8);
            faults.unless(
                    history.gateways(user).contains(gateway), gateway + " is told of " + user + ", whom it has not");
            if (change.getConnectionId() == null) {
                told.computeIfAbsent(place(gateway, user), place -> new TreeSet<>())
                        .addAll(change.getSeqs());
            } else {
                greeted.add(place(gateway, user) + " " + change.getConnectionId());
            }
        }
    }

    @Override
    public void check() {
        changed.forEach((user, seqs) -> {
            for (String gateway : history.gateways(user)) {
                Set<Long> heard = told.getOrDefault(place(gateway, user), Set.of());
                faults.unless(heard.containsAll(seqs), gateway + " hears " + heard + " of " + user + ", not " + seqs);
            }
        });
        faults.unless(greeted.equals(expected), greeted + " are greeted, not " + expected);
        changed.clear();
        told.clear();
        greeted.clear();
        expected = Set.of();
        faults.check();
    }

    private static String place(String gateway, UserKey user) {
        return gateway + " " + user;
    }
}
