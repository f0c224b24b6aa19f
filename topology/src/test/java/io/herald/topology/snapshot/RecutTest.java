package io.herald.topology.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.BroadcastRun;
import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.InboxAct;
import io.herald.schema.Platform;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Step;
import io.herald.schema.Unless;
import io.herald.schema.UserErased;
import io.herald.topic.Topics;
import io.herald.topology.router.RouterStores;
import io.herald.topology.testing.BareRouter;
import io.herald.topology.testing.HeraldDriver;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.arbitraries.IntegerArbitrary;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Growth, without a broker: wherever in its life the state is cut in eight, every entry is in one part, and the eight
 * parts go on to decide what the whole one would have.
 */
class RecutTest {
    private static final long SEED = Long.getLong("seed", 20_260_302L);
    private static final int USERS = 40;
    private static final int STEPS = 350;
    // About as long as the steps take together, so that most cuts find the broadcasts under way.
    private static final Duration SPREAD = Duration.ofSeconds(45);

    private static HeraldDriver herald;
    private static List<TestRecord<byte[], byte[]>> mailbox;

    @BeforeContainer
    static void recordAMailbox() {
        herald = new HeraldDriver("recut");
        Random random = new Random(SEED);
        for (String category : List.of("comment", "news", "sale")) {
            for (Channel channel : List.of(Channel.INBOX, Channel.PUSH, Channel.EMAIL)) {
                herald.template(category, channel, "{{actor}} wrote", "{{text}} {{count}}");
            }
        }
        herald.rule(
                "comment",
                rule -> rule.setSteps(List.of(Step.newBuilder()
                        .setChannel(Channel.EMAIL)
                        .setAfterMs(Duration.ofMinutes(2).toMillis())
                        .setUnless(Unless.READ)
                        .build())));
        herald.rule(
                "news",
                rule -> rule.setDigest(DigestRule.newBuilder()
                        .setChannels(List.of(Channel.EMAIL))
                        .setFrequency(Frequency.WINDOW)
                        .setWindowMs(Duration.ofMinutes(5).toMillis())
                        .build()));
        for (int step = 0; step < STEPS; step++) {
            if (step == STEPS / 3) {
                herald.broadcast("to-all", "sale", sale -> sale.setSpreadOverMs(SPREAD.toMillis()));
                herald.broadcast("to-fans", "sale", sale -> sale.setTopic("sports/football")
                        .setSpreadOverMs(SPREAD.toMillis()));
            }
            act(random, step);
        }
        // What was held, legs, digests, retries and the rest of the broadcasts come due on whichever side of the cut.
        herald.template("late", Channel.INBOX, "{{actor}} wrote", "{{text}}");
        herald.advance(Duration.ofMinutes(30));
        mailbox = herald.mailbox();
    }

    @AfterContainer
    static void close() {
        herald.deadLetters();
        herald.close();
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theStateCutInEightGoesOnAsTheWhole(@ForAll("oneInEachQuarter") List<Integer> percents) {
        percents.forEach(percent -> compare(mailbox.size() * percent / 100));
    }

    @Provide
    Arbitrary<List<Integer>> oneInEachQuarter() {
        IntegerArbitrary within = Arbitraries.integers().between(0, 25).withDistribution(RandomDistribution.uniform());
        return within.list().ofSize(4).map(all -> IntStream.range(0, 4)
                .mapToObj(quarter -> 25 * quarter + all.get(quarter))
                .toList());
    }

    private static void compare(int cut) {
        Path folder = folder();
        Lived expected;
        Snapshot whole;
        try (BareRouter router = new BareRouter(herald.wireConfig(), 100)) {
            router.run(mailbox.subList(0, cut));
            whole = TestSnapshots.write(
                    folder, "whole", 1, "2026-03-02T10:00:00Z", (store, partition) -> router.entries(store));
            expected = lived(router, router.run(mailbox.subList(cut, mailbox.size())));
        }
        Snapshot four = Recut.cut(whole, "four", 4, zeros(4));
        Snapshot eight = Recut.cut(four, "eight", 8, zeros(8));

        eight.verify();
        checkEveryEntryIsInOnePart(whole, eight);

        List<Lived> parts = goOn(eight, cut);
        assertThat(parts.stream().flatMap(part -> part.sent().stream()))
                .as("seed %d, cut at %d", SEED, cut)
                .containsExactlyInAnyOrderElementsOf(expected.sent());
        assertThat(expected.notified()).hasSize(2).allSatisfy((name, users) -> {
            assertThat(users).as(name).isPositive();
            assertThat(parts.stream()
                            .mapToLong(part -> part.notified().get(name))
                            .sum())
                    .as("users of %s, seed %d, cut at %d", name, SEED, cut)
                    .isEqualTo(users);
        });
    }

    /**
     * What came after the cut.
     *
     * @param sent but how far broadcasts are, which each part says for itself
     * @param notified how many users of each broadcast, before the cut too
     */
    private record Lived(List<BareRouter.Sent> sent, Map<String, Long> notified) {}

    private static Lived lived(BareRouter router, List<BareRouter.Sent> sent) {
        Map<String, Long> notified = new TreeMap<>();
        for (StateEntry entry : router.entries(RouterStores.CONTROL)) {
            String key = new String(entry.key().get(), UTF_8);
            if (key.startsWith("broadcast/")) {
                notified.put(key, broadcast(entry).getNotified());
            }
        }
        return new Lived(
                sent.stream()
                        .filter(record -> !record.topic().equals(Topics.BROADCAST_STATE.name()))
                        .toList(),
                notified);
    }

    private static BroadcastRun broadcast(StateEntry entry) {
        try {
            return BroadcastRun.getDecoder().decode(entry.value().get());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Example
    void onlyWholePartsCanBeMade() {
        Snapshot four =
                TestSnapshots.write(folder(), "four", 4, "2026-03-02T10:00:00Z", (store, partition) -> List.of());
        assertThatThrownBy(() -> Recut.cut(four, "two", 2, zeros(2))).isInstanceOf(ToolRefusedException.class);
        assertThatThrownBy(() -> Recut.cut(four, "six", 6, zeros(6))).isInstanceOf(ToolRefusedException.class);
        assertThatThrownBy(() -> Recut.cut(four, "twelve", 12, zeros(12)))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("4 partitions cannot be cut for 12");
    }

    private static void checkEveryEntryIsInOnePart(Snapshot whole, Snapshot eight) {
        for (String store : RouterStores.NAMES) {
            List<StateEntry> all = TestSnapshots.read(whole, store, 0);
            List<StateEntry> parts = new ArrayList<>();
            for (int partition = 0; partition < 8; partition++) {
                List<StateEntry> part = TestSnapshots.read(eight, store, partition);
                if (store.equals(RouterStores.CONTROL)) {
                    assertThat(part)
                            .extracting(StateEntry::key)
                            .isEqualTo(all.stream().map(StateEntry::key).toList());
                } else {
                    int mine = partition;
                    assertThat(part).allSatisfy(entry -> assertThat(UserKey.partition(
                                    Shards.of(store, entry.key()).orElseThrow(), 8))
                            .isEqualTo(mine));
                    parts.addAll(part);
                }
            }
            if (!store.equals(RouterStores.CONTROL)) {
                assertThat(parts).as(store).containsExactlyInAnyOrderElementsOf(all);
            }
        }
    }

    private static List<Lived> goOn(Snapshot eight, int cut) {
        List<Lived> parts = new ArrayList<>();
        for (int partition = 0; partition < 8; partition++) {
            int mine = partition;
            try (BareRouter part =
                    BareRouter.from(store -> TestSnapshots.read(eight, store, mine), cut, herald.wireConfig(), 100)) {
                parts.add(
                        lived(part, part.runOnly(mailbox.subList(cut, mailbox.size()), letter -> isFor(letter, mine))));
            }
        }
        return parts;
    }

    // What is about everyone has no key, and is in every partition.
    private static boolean isFor(TestRecord<byte[], byte[]> letter, int partition) {
        return letter.key() == null
                || UserKey.parse(new String(letter.key(), UTF_8)).partition(8) == partition;
    }

    private static void act(Random random, int step) {
        String user = "user" + random.nextInt(USERS);
        switch (random.nextInt(14)) {
            case 0, 1 -> herald.device(user, "phone", Platform.APNS, "token" + random.nextInt(USERS));
            case 2 -> herald.email(user, user + "@example.org");
            case 3 -> herald.optOut(user, random.nextBoolean() ? "comment" : null, Channel.EMAIL);
            case 4 -> herald.acts(user, List.of(InboxAct.values()).get(random.nextInt(4)), 1 + random.nextInt(3));
            case 5 -> herald.advance(Duration.ofSeconds(random.nextInt(5)));
            case 6 -> report(random);
            case 7 -> herald.event("late" + step, "late", "bo", user);
            case 8 -> herald.event("n" + step, "news", "bo", user);
            case 9 -> herald.subscribes(user, random.nextBoolean() ? "sports" : "sports/football");
            case 10 -> event(random, (id, one) -> herald.cancels(id, one));
            case 11 -> erase(random, user);
            default -> event(random, (id, one) -> herald.event(id, "comment", "bo", one));
        }
    }

    // Of few, so that many are copies of earlier ones.
    private static void event(Random random, BiConsumer<String, String> what) {
        int number = random.nextInt(60);
        what.accept("e" + number, "user" + number % USERS);
    }

    private static void erase(Random random, String user) {
        if (random.nextInt(10) == 0) {
            herald.send(Topics.USER_ERASED, new UserErased(HeraldDriver.TENANT, user));
        }
    }

    private static void report(Random random) {
        List<Delivery> sent = new ArrayList<>(herald.deliveries(Topics.DELIVERY_APNS));
        sent.addAll(herald.deliveries(Topics.DELIVERY_EMAIL));
        if (!sent.isEmpty()) {
            List<ReportedOutcome> outcomes = List.of(ReportedOutcome.values());
            herald.reports(
                    sent.get(sent.size() - 1 - random.nextInt(Math.min(8, sent.size()))),
                    outcomes.get(random.nextInt(outcomes.size())));
        }
    }

    private static List<Long> zeros(int partitions) {
        return LongStream.generate(() -> 0).limit(partitions).boxed().toList();
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "recut")), "try");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
