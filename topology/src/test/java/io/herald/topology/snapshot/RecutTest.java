package io.herald.topology.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.InboxAct;
import io.herald.schema.Platform;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.router.RouterStores;
import io.herald.topology.testing.BareRouter;
import io.herald.topology.testing.HeraldDriver;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
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

    private static HeraldDriver herald;
    private static List<TestRecord<byte[], byte[]>> mailbox;

    @BeforeContainer
    static void recordAMailbox() {
        herald = new HeraldDriver("recut");
        Random random = new Random(SEED);
        for (Channel channel : List.of(Channel.INBOX, Channel.PUSH, Channel.EMAIL)) {
            herald.template("comment", channel, "{{actor}} wrote", "{{text}}");
        }
        for (int step = 0; step < STEPS; step++) {
            act(random, step);
        }
        // What was held, and retries, come due on whichever side of the cut.
        herald.template("late", Channel.INBOX, "{{actor}} wrote", "{{text}}");
        herald.advance(Duration.ofMinutes(5));
        mailbox = herald.mailbox();
    }

    @AfterContainer
    static void close() {
        herald.deadLetters();
        herald.close();
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void theStateCutInEightGoesOnAsTheWhole(@ForAll @IntRange(min = 0, max = STEPS) int cut) {
        Path folder = folder();
        List<BareRouter.Sent> expected;
        Snapshot whole;
        try (BareRouter router = new BareRouter(herald.wireConfig(), 100)) {
            router.run(mailbox.subList(0, cut));
            whole = TestSnapshots.write(
                    folder, "whole", 1, "2026-03-02T10:00:00Z", (store, partition) -> router.entries(store));
            expected = router.run(mailbox.subList(cut, mailbox.size()));
        }
        Snapshot four = Recut.cut(whole, "four", 4, zeros(4));
        Snapshot eight = Recut.cut(four, "eight", 8, zeros(8));

        eight.verify();
        checkEveryEntryIsInOnePart(whole, eight);
        assertThat(goOn(eight, cut)).as("seed %d, cut at %d", SEED, cut).containsExactlyInAnyOrderElementsOf(expected);
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

    private static List<BareRouter.Sent> goOn(Snapshot eight, int cut) {
        List<BareRouter.Sent> sent = new ArrayList<>();
        for (int partition = 0; partition < 8; partition++) {
            int mine = partition;
            try (BareRouter part =
                    BareRouter.from(store -> TestSnapshots.read(eight, store, mine), cut, herald.wireConfig(), 100)) {
                sent.addAll(part.runOnly(mailbox.subList(cut, mailbox.size()), letter -> isFor(letter, mine)));
            }
        }
        return sent;
    }

    // What is about everyone has no key, and is in every partition.
    private static boolean isFor(TestRecord<byte[], byte[]> letter, int partition) {
        return letter.key() == null
                || UserKey.parse(new String(letter.key(), StandardCharsets.UTF_8))
                                .partition(8)
                        == partition;
    }

    private static void act(Random random, int step) {
        String user = "user" + random.nextInt(USERS);
        switch (random.nextInt(9)) {
            case 0 -> herald.device(user, "phone", Platform.APNS, "token" + random.nextInt(USERS));
            case 1 -> herald.email(user, user + "@example.org");
            case 2 -> herald.optOut(user, random.nextBoolean() ? "comment" : null, Channel.EMAIL);
            case 3 -> herald.acts(user, List.of(InboxAct.values()).get(random.nextInt(4)), 1 + random.nextInt(3));
            case 4 -> herald.advance(Duration.ofSeconds(random.nextInt(5)));
            case 5 -> report(random);
            case 6 -> herald.event("late" + step, "late", "bo", user);
            default -> herald.event("e" + random.nextInt(200), "comment", "bo", user);
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
