package io.herald.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Realtime;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import io.herald.topology.guarantee.Keys;
import io.herald.topology.simulation.RandomLife;
import io.herald.topology.simulation.Undisturbed;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deeds of the simulation, in a crowd of plain events, against the topology in a process of its own that is killed
 * again and again in the middle of it: what it has committed in the end is, byte for byte, what a router makes of the
 * same mailbox that was never killed.
 */
@Timeout(300)
class SimulationIT {
    private static final Logger LOG = LoggerFactory.getLogger(SimulationIT.class);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int KILLS = 3;
    private static final int DEEDS = 150;
    private static final Duration PAUSE = Duration.ofSeconds(20);
    // Without them all of it is done before it can be killed.
    private static final int CROWD = 3_000;
    private static final int SOME = 500;
    private static final Set<Topic> HEARD = Set.of(Topics.REALTIME, Topics.INBOX_ITEM);
    private static final int PARTITIONS = Topics.MAILBOX.partitions();

    private final List<NotificationRequested> requested = new ArrayList<>();
    private final Map<String, Long> told = new HashMap<>();
    private final TopologyStack stack = new TopologyStack("simulation");
    private final Wire wire = stack.wire();

    private record Written(Bytes key, Bytes value, long timestamp) {}

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void whatIsKilledDecidesWhatOneDecidesThatIsNot() {
        LOG.info("seed {}", SEED);
        Random random = new Random(SEED);
        RandomLife life = new RandomLife(SEED, Instant.now(), this::write);
        life.begin();
        int inTheMiddle = 0;
        for (int part = 0; part < KILLS; part++) {
            life.pass(DEEDS / 2, PAUSE);
            crowd(part, random);
            life.pass(DEEDS / 2, PAUSE);
            wire.flush();
            stack.killAfter(SOME, part % 2 == 0);
            inTheMiddle += stack.mailboxReached() < stack.mailboxWritten() ? 1 : 0;
            tell(life);
        }
        assertThat(inTheMiddle).as("kills in the middle of the mailbox").isPositive();
        stack.topology().start();
        stack.awaitQuiet();
        stack.topology().stop();

        Map<String, Map<Written, Integer>> undisturbed = new HashMap<>();
        mailbox().forEach((partition, letters) -> judge(partition, letters, undisturbed));
        for (Topic topic : Topics.OUTPUTS) {
            same(topic, sent(topic), undisturbed.getOrDefault(topic.name(), Map.of()));
        }
        assertThat(undisturbed.get(Topics.LEDGER.name())).hasSizeGreaterThan(KILLS * CROWD);
    }

    // Of thousands of records, only those that differ are of interest.
    private void same(Topic topic, Map<Written, Integer> sent, Map<Written, Integer> undisturbed) {
        List<String> differ = Stream.concat(sent.keySet().stream(), undisturbed.keySet().stream())
                .distinct()
                .filter(one -> !Objects.equals(sent.get(one), undisturbed.get(one)))
                .limit(3)
                .map(one -> wire.read(topic, one.value()) + " " + sent.get(one) + " times, and should be "
                        + undisturbed.get(one))
                .toList();
        assertThat(differ).as("%s, seed %d", topic.name(), SEED).isEmpty();
    }

    private void write(Topic topic, SpecificRecord record) {
        if (record instanceof NotificationRequested event) {
            requested.add(NotificationRequested.newBuilder(event).build());
        }
        wire.send(topic, record);
    }

    private void crowd(int part, Random random) {
        for (int event = 0; event < CROWD; event++) {
            NotificationRequested one = NotificationRequested.newBuilder()
                    .setTenant("acme")
                    .setSource("crowd")
                    .setId("c" + part + "-" + event)
                    .setRecipients(List.of("user" + random.nextInt(200)))
                    .setCategory("comment")
                    .setActor("bo")
                    .setData(Map.of("text", "hello"))
                    .build();
            write(Topics.NOTIFICATION_REQUESTED, one);
            if (random.nextInt(20) == 0) {
                write(Topics.NOTIFICATION_REQUESTED, one);
            }
        }
    }

    // Senders and gateways see what is committed, each record once.
    private void tell(RandomLife life) {
        for (Topic topic : Topics.OUTPUTS) {
            if (topic.name().startsWith("delivery.") || HEARD.contains(topic)) {
                for (Wire.Read<? extends SpecificRecord> read : wire.readAll(topic)) {
                    String place = topic.name() + "-" + read.partition();
                    if (read.offset() >= told.getOrDefault(place, 0L)) {
                        told.put(place, read.offset() + 1);
                        tell(life, read.raw().key(), read.value());
                    }
                }
            }
        }
    }

    private static void tell(RandomLife life, byte[] key, SpecificRecord value) {
        if (value instanceof Delivery delivery) {
            life.saw(delivery);
        } else if (value instanceof Realtime change) {
            life.saw(new String(key, UTF_8), change);
        } else if (value instanceof InboxItem) {
            InboxKey item = Keys.read(InboxKey.class, key);
            life.got(new UserKey(item.getTenant(), item.getUserId()), item.getSeq());
        }
    }

    private Map<Integer, List<Wire.Read<Mail>>> mailbox() {
        Map<Integer, Long> committed = stack.mailboxCommitted();
        Map<Integer, List<Wire.Read<Mail>>> mailbox = new TreeMap<>();
        for (Wire.Read<Mail> read : wire.readAll(Topics.MAILBOX, Mail.class)) {
            if (read.offset() < committed.getOrDefault(read.partition(), 0L)) {
                mailbox.computeIfAbsent(read.partition(), partition -> new ArrayList<>())
                        .add(read);
            }
        }
        return mailbox;
    }

    // What an undisturbed router sends keeps every promise, after each record.
    private void judge(int partition, List<Wire.Read<Mail>> mailbox, Map<String, Map<Written, Integer>> undisturbed) {
        assertThat(mailbox.get(mailbox.size() - 1).offset())
                .as("the last of partition %d, whose offsets have no gaps", partition)
                .isEqualTo(mailbox.size() - 1);
        List<List<Undisturbed.Sent>> sent = Undisturbed.read(
                wire.format(),
                partition,
                mailbox.stream()
                        .map(read -> new Undisturbed.Letter(
                                read.raw().key(), read.raw().value(), read.raw().timestamp()))
                        .toList());
        List<Guarantee> guarantees = Guarantee.all();
        for (NotificationRequested event : requested) {
            List<String> here = event.getRecipients().stream()
                    .filter(user -> new UserKey(event.getTenant(), user).partition(PARTITIONS) == partition)
                    .toList();
            NotificationRequested part =
                    NotificationRequested.newBuilder(event).setRecipients(here).build();
            guarantees.forEach(guarantee -> guarantee.requested(part));
        }
        for (int at = 0; at < mailbox.size(); at++) {
            Mail mail = mailbox.get(at).value();
            guarantees.forEach(guarantee -> guarantee.read(mail));
            for (Undisturbed.Sent one : sent.get(at)) {
                SpecificRecord value = wire.read(one.topic(), one.value());
                guarantees.forEach(guarantee -> guarantee.written(
                        one.topic(), one.key() == null ? null : one.key().get(), value));
                count(undisturbed, one.topic(), new Written(one.key(), one.value(), one.timestamp()));
            }
            guarantees.forEach(Guarantee::check);
        }
        guarantees.forEach(Guarantee::checkAtRest);
    }

    private Map<Written, Integer> sent(Topic topic) {
        Map<String, Map<Written, Integer>> sent = new HashMap<>();
        for (Wire.Read<? extends SpecificRecord> read : wire.readAll(topic)) {
            boolean ofIntake = read.value() instanceof DeadLetter letter
                    && letter.getStage().equals("intake");
            if (!ofIntake) {
                ConsumerRecord<byte[], byte[]> raw = read.raw();
                count(sent, topic, new Written(bytes(raw.key()), bytes(raw.value()), raw.timestamp()));
            }
        }
        return sent.getOrDefault(topic.name(), Map.of());
    }

    private static void count(Map<String, Map<Written, Integer>> counts, Topic topic, Written written) {
        counts.computeIfAbsent(topic.name(), name -> new HashMap<>()).merge(written, 1, Integer::sum);
    }

    private static Bytes bytes(byte[] bytes) {
        return bytes == null ? null : Bytes.wrap(bytes);
    }
}
