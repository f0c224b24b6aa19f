package io.herald.topology.intake;

import io.herald.schema.Mail;
import io.herald.schema.Tick;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.Uuid;

/** Intake's rules over a clock and topics of a simulation: one record in, mail for each partition out. */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
public final class SimulatedIntake {
    private final WireFormat wire;
    private final Acceptance acceptance;
    private final int partitions;
    private final Map<String, Long> offsets = new HashMap<>();
    private final List<Taken> log = new ArrayList<>();
    private final Map<Integer, Credit> credits = new HashMap<>();

    /** A record for the mailbox. */
    public record Letter(int partition, byte[] key, Mail mail, byte[] value) {}

    private record Taken(DeadLetters.Place place, byte[] value) {}

    public SimulatedIntake(Map<String, Object> wireConfig, int partitions) {
        this.wire = new WireFormat(wireConfig);
        this.partitions = partitions;
        Map<String, Uuid> ids = Stream.concat(Topics.INPUTS.stream(), Topics.BULK_INPUTS.stream())
                .collect(Collectors.toMap(
                        Topic::name, topic -> new Uuid(7, topic.name().hashCode())));
        this.acceptance = new Acceptance(wire, ids);
    }

    /** Takes a record in; one that intake refuses is a fault of the simulation. */
    public List<Letter> take(Topic topic, SpecificRecord record, Instant acceptedAt) {
        long offset = offsets.merge(topic.name(), 1L, Long::sum);
        Taken taken = new Taken(new DeadLetters.Place(topic.name(), 0, offset), wire.value(topic, record));
        log.add(taken);
        return letters(taken, acceptedAt);
    }

    /** Takes the last {@code count} records in once more, as after a crash before their offsets were committed. */
    public List<Letter> repeat(int count, Instant acceptedAt) {
        return log.subList(Math.max(0, log.size() - count), log.size()).stream()
                .flatMap(taken -> letters(taken, acceptedAt).stream())
                .toList();
    }

    /** Returns a tick whose credit is that of a router so far behind. */
    public Letter tick(int partition, Duration lag, Instant at) {
        Credit credit = credits.merge(partition, Credit.first(), (before, first) -> before.after(lag));
        return tick(partition, credit.bulk(), credit.urgent(), at);
    }

    /** Returns a tick with some credit. */
    public Letter tick(int partition, int credit, int urgentCredit, Instant at) {
        return letter(partition, null, new Mail(null, at, new Tick(at, partition, credit, urgentCredit)));
    }

    private List<Letter> letters(Taken taken, Instant acceptedAt) {
        Acceptance.Outcome outcome = acceptance.take(taken.place(), null, taken.value(), acceptedAt);
        if (outcome instanceof Acceptance.Outcome.Refused refused) {
            throw new AssertionError("intake refuses what the simulation says: " + refused.letter());
        }
        List<Letter> letters = new ArrayList<>();
        for (Acceptance.Posting posting : ((Acceptance.Outcome.Accepted) outcome).postings()) {
            byte[] key =
                    posting.key() instanceof MailboxKey.ForUser one ? one.user().bytes() : null;
            places(posting.key()).forEach(partition -> letters.add(letter(partition, key, posting.mail())));
        }
        return letters;
    }

    private List<Integer> places(MailboxKey key) {
        Set<Integer> places = MailboxKey.places(key, partitions);
        return places.stream().sorted().toList();
    }

    private Letter letter(int partition, byte[] key, Mail mail) {
        return new Letter(partition, key, mail, wire.value(Topics.MAILBOX, mail));
    }

    /** Returns where a user's mail goes. */
    public int partition(UserKey user) {
        return user.partition(partitions);
    }
}
