package io.herald.topology.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Delivery;
import io.herald.schema.InboxKey;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Realtime;
import io.herald.schema.TokenMoved;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Keys;
import io.herald.topology.intake.SimulatedIntake;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * Herald in a simulated world: intake whose clock jumps and that repeats itself after a crash, and for each partition a
 * router that lags behind, dies at any write, and starts anew from its last commit. What is read is read committed.
 */
final class Simulation {
    private static final Set<Topic> READ = Set.of(Topics.REALTIME, Topics.INBOX_ITEM, Topics.TOKEN_MOVED);
    // A weekly digest that then meets quiet hours, and whose report never comes, is the last to end.
    private static final Duration LONGEST_WAIT = Duration.ofDays(16);

    private final Terms terms;
    private final Chance chance;
    private final World world;
    private final Senders senders;
    private final Users users;
    private final SimulatedIntake intake;
    private final WireFormat wire;
    private final List<Partition> partitions = new ArrayList<>();
    private final List<NotificationRequested> requested = new ArrayList<>();
    private Duration skew = Duration.ZERO;

    /**
     * What a simulation is to be like.
     *
     * @param deeds how many things happen
     * @param days over how long
     * @param lag the longest that a router is behind
     * @param crashes in how many of a hundred polls the router dies
     * @param calm whether nobody does anything because it happens to be late: see {@link CalmDeeds}; senders accept
     *     all, and intake neither repeats itself nor changes its clock
     */
    record Terms(long seed, int partitions, int deeds, int days, Duration lag, int crashes, boolean calm) {}

    /** One partition: its mailbox, and what its router has committed. */
    final class Partition {
        private final int number;
        private final List<SimulatedIntake.Letter> mailbox = new ArrayList<>();
        private final List<MemoryRouter.Sent> sent = new ArrayList<>();
        private final MemoryRouter router;
        private boolean polling;
        private int committed;
        private int crashes;

        Partition(int number, Map<String, ?> wireConfig) {
            this.number = number;
            this.router = new MemoryRouter(wireConfig, number, chance.oneOf(0, 2, 1_000));
        }

        int number() {
            return number;
        }

        /** Returns the mailbox, from its first record. */
        List<SimulatedIntake.Letter> mailbox() {
            return mailbox;
        }

        /** Returns what the router sent, in order. */
        List<MemoryRouter.Sent> sent() {
            return sent;
        }

        int crashes() {
            return crashes;
        }

        private void append(SimulatedIntake.Letter letter) {
            mailbox.add(letter);
            pollLater();
        }

        private void pollLater() {
            if (!polling) {
                polling = true;
                Duration wait = behind();
                world.after(wait, this::poll);
                if (terms.calm() && wait.compareTo(Duration.ofSeconds(1)) > 0) {
                    // Ticks are rarer here than they are; one says, just before it is over, that the router is behind.
                    world.after(wait.minusMillis(500), () -> mailbox.add(intake.tick(number, lag(), clock())));
                }
            }
        }

        private Duration behind() {
            return terms.lag().isZero() || chance.percent(95)
                    ? Duration.ofMillis(chance.between(1, 250))
                    : chance.between(Duration.ofSeconds(1), terms.lag());
        }

        private void poll() {
            polling = false;
            try {
                if (chance.percent(terms.crashes())) {
                    router.crashAfter(chance.between(0, 40));
                }
                int end = Math.min(mailbox.size(), (int) router.offset() + chance.between(1, 60));
                while (router.offset() < end) {
                    process();
                }
                if (chance.percent(70)) {
                    commit();
                }
            } catch (Crash crash) {
                crashes++;
                router.restart(chance.oneOf(0, 2, 1_000));
            }
            if (committed < mailbox.size()) {
                pollLater();
            }
        }

        private void finish() {
            while (committed < mailbox.size()) {
                router.restart(0);
                while (router.offset() < mailbox.size()) {
                    process();
                }
                commit();
            }
        }

        private void process() {
            SimulatedIntake.Letter letter = mailbox.get((int) router.offset());
            router.process(
                    letter.key(), letter.value(), letter.mail().getAcceptedAt().toEpochMilli());
        }

        private void commit() {
            List<MemoryRouter.Sent> news = router.commit();
            committed = (int) router.offset();
            sent.addAll(news);
            news.forEach(Simulation.this::saw);
        }

        private Duration lag() {
            return committed == mailbox.size()
                    ? Duration.ZERO
                    : Duration.between(mailbox.get(committed).mail().getAcceptedAt(), world.now());
        }
    }

    Simulation(Map<String, Object> wireConfig, Terms terms) {
        this.terms = terms;
        this.chance = new Chance(terms.seed());
        this.world = new World(start());
        this.senders = new Senders(world, new Chance(chance.seed()), terms.calm());
        this.users = new Users(world, new Chance(chance.seed()), terms.calm());
        this.intake = new SimulatedIntake(wireConfig, terms.partitions());
        this.wire = new WireFormat(wireConfig);
        for (int partition = 0; partition < terms.partitions(); partition++) {
            partitions.add(new Partition(partition, wireConfig));
        }
        world.inputs(this::send);
    }

    // Close to where clocks change, more often than not.
    private Instant start() {
        return Instant.parse(chance.oneOf(
                        "2026-03-27T00:00:00Z",
                        "2026-04-03T12:00:00Z",
                        "2026-03-06T18:00:00Z",
                        "2026-10-23T06:00:00Z",
                        "2026-06-15T09:00:00Z"))
                .plus(Duration.ofMinutes(chance.between(0, 1_440)));
    }

    /** Lets everything happen, and then time pass until nothing is left to be done. */
    void run() {
        // Drawn before anything else is: what happens does not depend on how fast the router is.
        Chance what = new Chance(chance.seed());
        Chance when = new Chance(chance.seed());
        Chance ticks = new Chance(chance.seed());
        Life deeds = terms.calm() ? new CalmDeeds(world, what, users) : new Deeds(world, what, users, senders);
        deeds.begin();
        Duration pause = Duration.ofDays(terms.days()).dividedBy(terms.deeds());
        Instant end = world.now().plus(Duration.ofDays(terms.days()));
        deed(deeds, when, pause, end);
        tick(ticks, end);
        world.runUntil(end.plus(LONGEST_WAIT));
        partitions.forEach(Partition::finish);
    }

    /** Returns the events that producers wrote, once for each copy. */
    List<NotificationRequested> requested() {
        return requested;
    }

    List<Partition> partitions() {
        return partitions;
    }

    Senders senders() {
        return senders;
    }

    private void deed(Life deeds, Chance when, Duration pause, Instant end) {
        // Much happens at once, and then nothing for a while.
        Duration wait = when.percent(30)
                ? Duration.ofMillis(when.between(0, 3_000))
                : when.around(pause.multipliedBy(3).dividedBy(2));
        world.after(wait, () -> {
            if (world.now().isBefore(end)) {
                deeds.one();
                deed(deeds, when, pause, end);
            }
        });
    }

    private void tick(Chance when, Instant end) {
        Duration wait = world.now().isBefore(end)
                ? when.percent(30)
                        ? Duration.ofMillis(when.between(250, 5_000))
                        : when.between(Duration.ofSeconds(5), Duration.ofMinutes(40))
                : Duration.ofMinutes(when.between(20, 59));
        world.after(wait, () -> {
            for (Partition partition : partitions) {
                boolean little = when.percent(10) && !terms.calm();
                partition.append(
                        little
                                ? intake.tick(partition.number, when.between(0, 3), when.between(0, 3), clock())
                                : intake.tick(partition.number, partition.lag(), clock()));
            }
            tick(when, end);
        });
    }

    private void send(Topic topic, SpecificRecord record) {
        if (!terms.calm()) {
            jump();
        }
        if (record instanceof NotificationRequested event) {
            requested.add(event);
        }
        post(intake.take(topic, record, clock()));
        if (!terms.calm() && chance.percent(2)) {
            post(intake.repeat(chance.between(1, 8), clock()));
        }
    }

    private void post(List<SimulatedIntake.Letter> letters) {
        letters.forEach(letter -> partitions.get(letter.partition()).append(letter));
    }

    // Another instance of intake takes over, with another clock.
    private void jump() {
        if (chance.percent(3)) {
            skew = chance.oneOf(
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ofMillis(chance.between(-90_000, 90_000)),
                    Duration.ofMinutes(chance.between(-30, 150)));
        }
    }

    private Instant clock() {
        return world.now().plus(skew);
    }

    private void saw(MemoryRouter.Sent record) {
        boolean delivery = record.topic().name().startsWith("delivery.");
        if ((!delivery && !READ.contains(record.topic())) || record.value() == null) {
            return;
        }
        byte[] value = record.value().get();
        if (delivery) {
            senders.saw(wire.read(record.topic(), Delivery.class, value));
        } else if (record.topic().equals(Topics.REALTIME)) {
            users.saw(new String(record.key().get(), UTF_8), wire.read(record.topic(), Realtime.class, value));
        } else if (record.topic().equals(Topics.INBOX_ITEM)) {
            InboxKey item = Keys.read(InboxKey.class, record.key().get());
            users.got(new UserKey(item.getTenant(), item.getUserId()), item.getSeq());
        } else {
            world.send(record.topic(), wire.read(record.topic(), TokenMoved.class, value));
        }
    }
}
