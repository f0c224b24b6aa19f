package io.herald.topology.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.InboxAct;
import io.herald.schema.Platform;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.testing.BareRouter;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same mailbox gives the same bytes: whatever the caches, the place in the world, and wherever it was cut. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {
    private static final long SEED = Long.getLong("seed", 20_260_302L);

    private HeraldDriver herald;
    private List<TestRecord<byte[], byte[]>> mailbox;
    private List<BareRouter.Sent> expected;

    @BeforeAll
    void recordAMailbox() {
        herald = new HeraldDriver("replay");
        Random random = new Random(SEED);
        herald.template("comment", Channel.INBOX, "{{actor}} wrote", "{{text}}")
                .template("comment", Channel.PUSH, "{{actor}} wrote", "{{text}}")
                .template("comment", Channel.EMAIL, "{{actor}} wrote", "{{text}} {{recipient}}");
        for (int step = 0; step < 300; step++) {
            act(random);
        }
        mailbox = herald.mailbox();
        expected = replay(1_000);
        assertThat(expected).as("outputs, seed " + SEED).hasSizeGreaterThan(500);
    }

    @AfterAll
    void close() {
        herald.deadLetters();
        herald.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
    void cachesChangeNothing(int cachedUsers) {
        assertThat(new BareRouter(herald.wireConfig(), cachedUsers).run(mailbox))
                .isEqualTo(expected);
    }

    @Test
    void localeAndTimeZoneChangeNothing() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Australia/Lord_Howe"));
            assertThat(replay(10)).isEqualTo(expected);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void cuttingAndRestoringAnywhereChangesNothing() {
        for (int cut = 0; cut <= mailbox.size(); cut += 97) {
            try (BareRouter first = new BareRouter(herald.wireConfig(), 5)) {
                List<BareRouter.Sent> sent = new ArrayList<>(first.run(mailbox.subList(0, cut)));
                try (BareRouter second = first.restored(herald.wireConfig(), 1_000)) {
                    sent.addAll(second.run(mailbox.subList(cut, mailbox.size())));
                }
                assertThat(sent).as("cut at %d, seed %d", cut, SEED).isEqualTo(expected);
            }
        }
    }

    @Test
    void whatIntakeRepeatsAfterACrashChangesNothing() {
        for (int repeatFrom = 10; repeatFrom < mailbox.size(); repeatFrom += 131) {
            int end = Math.min(repeatFrom + 20, mailbox.size());
            try (BareRouter router = new BareRouter(herald.wireConfig(), 1_000)) {
                List<BareRouter.Sent> before = router.run(mailbox.subList(0, end));
                List<BareRouter.Sent> again = router.run(mailbox.subList(repeatFrom, end).stream()
                        .filter(letter -> herald.mail(letter).getOrigin() != null)
                        .toList());
                assertThat(before).isNotEmpty();
                assertThat(again)
                        .as("repeated from %d, seed %d", repeatFrom, SEED)
                        .isEmpty();
            }
        }
    }

    private List<BareRouter.Sent> replay(int cachedUsers) {
        try (BareRouter router = new BareRouter(herald.wireConfig(), cachedUsers)) {
            return router.run(mailbox);
        }
    }

    private void act(Random random) {
        String user = "user" + random.nextInt(6);
        switch (random.nextInt(9)) {
            case 0 -> herald.device(user, "device" + random.nextInt(3), Platform.APNS, "token" + random.nextInt(20));
            case 1 -> herald.email(user, user + "@example.org");
            case 2 ->
                herald.optOut(
                        user,
                        random.nextBoolean() ? "comment" : null,
                        List.of(Channel.values()).get(random.nextInt(3)));
            case 3 -> herald.acts(user, List.of(InboxAct.values()).get(random.nextInt(4)), 1 + random.nextInt(5));
            case 4 -> herald.advance(Duration.ofSeconds(random.nextInt(400)));
            case 5 -> report(random);
            default -> herald.event("e" + random.nextInt(80), "comment", "user" + random.nextInt(6), user, "user5");
        }
    }

    private void report(Random random) {
        List<Delivery> open = new ArrayList<>(herald.deliveries(Topics.DELIVERY_APNS));
        open.addAll(herald.deliveries(Topics.DELIVERY_EMAIL));
        if (!open.isEmpty()) {
            List<ReportedOutcome> outcomes = List.of(ReportedOutcome.values());
            herald.reports(
                    open.get(open.size() - 1 - random.nextInt(Math.min(5, open.size()))),
                    outcomes.get(random.nextInt(outcomes.size())));
        }
    }
}
