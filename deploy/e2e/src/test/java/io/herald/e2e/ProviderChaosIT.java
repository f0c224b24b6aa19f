package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Channel;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.OnUnknown;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.RuleChanged;
import io.herald.schema.Transition;
import io.herald.simulator.Answer;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers that are slow, broken, too busy, silent, or gone, one after the other and all at once, for a minute; then
 * they are well. {@code -Dherald.chaos.seconds=600} and {@code -Dherald.chaos.seed} for another; see scripts/chaos.
 */
@Timeout(1_500)
class ProviderChaosIT {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderChaosIT.class);
    private static final Duration CHAOS = SenderRig.seconds("herald.chaos.seconds", 60);
    private static final long SEED = Long.getLong("herald.chaos.seed", 7);
    private static final List<String> USERS =
            IntStream.range(0, 200).mapToObj(i -> "user" + i).toList();
    /** Events a second, of three deliveries each. */
    private static final int RATE = 20;

    private static final long MB = 1 << 20;

    private final Random random = new Random(SEED);
    private final TopologyStack stack = new TopologyStack("chaos");
    private final Wire wire = stack.wire();
    private final SenderRig rig = new SenderRig(stack);
    private final List<Guarantee> guarantees = new ArrayList<>(Guarantee.ofOutputs());
    private int events;

    @AfterEach
    void stop() {
        rig.close();
        stack.close();
    }

    @Test
    void everyDeliveryEndsAndNothingRepeatsThatWasKnown() {
        LOG.info("seed {}, {} of chaos", SEED, CHAOS);
        stack.topology().start();
        rig.category(RuleChanged.newBuilder()
                .setTenant(SenderRig.TENANT)
                .setCategory("news")
                .setChannels(List.of(Channel.PUSH, Channel.EMAIL))
                .setOnUnknown(OnUnknown.RETRY)
                .setAttempts(10)
                // Apple asks for a quarter of an hour after the second failure: longer than anyone waits here.
                .setExpiryMs(CHAOS.plus(Duration.ofMinutes(3)).toMillis())
                .build());
        rig.users(USERS);
        stack.awaitQuiet();
        rig.start(Map.of(
                "request.timeout.ms", "1500",
                "in.flight.max", "64",
                "circuit.pause.ms", "200",
                "circuit.longest.pause.ms", "2000",
                "ramp.ms", "3000"));

        long heapBefore = 0;
        List<Double> attempts = new ArrayList<>();
        long end = System.nanoTime() + CHAOS.toNanos();
        long next = System.nanoTime();
        while (System.nanoTime() < end) {
            strike();
            IntStream.range(0, RATE / 2).forEach(i -> request());
            wire.flush();
            attempts.add(attempts());
            next += Duration.ofMillis(500).toNanos();
            long tick = next;
            await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() >= tick);
            if (heapBefore == 0 && System.nanoTime() > end - CHAOS.toNanos() * 2 / 3) {
                heapBefore = heap();
            }
        }
        rig.apns.clear();
        rig.fcm.clear();
        rig.ses.clear();
        double before = attempts();
        stack.awaitQuiet();
        double soon = attempts();
        await("every delivery to end")
                .atMost(Duration.ofMinutes(12))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> ended() == events * 3L);
        stack.awaitQuiet();

        conserved();
        repeatsAreOfTheUnknown();
        budget(attempts, before, soon);
        assertThat(heap()).as("heap at the end").isLessThan(heapBefore + 150 * MB);
        for (String sender : List.of("apns", "fcm", "email")) {
            assertThat(rig.meter(sender, "herald_sender_held")).as(sender).isZero();
            assertThat(rig.meter(sender, "herald_sender_circuit")).as(sender).isZero();
        }
    }

    /** Orders trouble for the next few requests of one provider. */
    private void strike() {
        int requests = 1 + random.nextInt(25);
        int provider = random.nextInt(3);
        Answer trouble =
                switch (random.nextInt(7)) {
                    case 0 -> Answer.slow(Duration.ofMillis(random.nextInt(1_000)));
                    case 1 -> Answer.error(503, provider == 1 ? "UNAVAILABLE" : "ServiceUnavailable", "");
                    case 2 ->
                        Answer.error(
                                        429,
                                        List.of("TooManyRequests", "QUOTA_EXCEEDED", "TooManyRequestsException")
                                                .get(provider),
                                        "Maximum sending rate exceeded.")
                                .retryAfter("1");
                    case 3 -> Answer.reset();
                    case 4 -> Answer.silence();
                    case 5 -> Answer.raw(502, "<html>Bad gateway</html>");
                    default -> Answer.slow(Duration.ZERO);
                };
        switch (provider) {
            case 0 -> {
                rig.apns.answerNext(requests, trouble);
                if (random.nextInt(4) == 0) {
                    rig.apns.goAway();
                }
            }
            case 1 -> rig.fcm.answerNext(requests, trouble);
            default -> rig.ses.answerNext(requests, trouble);
        }
    }

    private void request() {
        NotificationRequested event =
                SenderRig.event("event-" + events++, USERS.get(random.nextInt(USERS.size())), "news");
        guarantees.forEach(guarantee -> guarantee.requested(event));
        wire.send(Topics.NOTIFICATION_REQUESTED, event);
    }

    private double attempts() {
        return List.of("apns", "fcm", "email").stream()
                .mapToDouble(sender -> rig.meter(sender, "herald_sender_request_seconds_count"))
                .sum();
    }

    private long ended() {
        return wire.readAll(Topics.LEDGER, LedgerEntry.class).stream()
                .map(read -> read.value().getBody())
                .filter(Transition.class::isInstance)
                .map(Transition.class::cast)
                .filter(moved -> !moved.getLate()
                        && moved.getState() != DeliveryState.ROUTED
                        && moved.getState() != DeliveryState.WAITING)
                .count();
    }

    private void conserved() {
        for (Topic topic : List.of(Topics.LEDGER, Topics.INBOX_ITEM)) {
            wire.readAll(topic)
                    .forEach(read -> guarantees.forEach(
                            guarantee -> guarantee.written(topic, read.raw().key(), read.value())));
        }
        guarantees.forEach(Guarantee::checkAtRest);
    }

    /** A provider saw a delivery once, and once more at most for each attempt whose answer never came. */
    private void repeatsAreOfTheUnknown() {
        Map<String, List<ReportedOutcome>> reported = rig.reported();
        Map<String, Integer> unexplained = new HashMap<>();
        int repeats = 0;
        for (Map.Entry<String, Integer> arrival : rig.arrivals().entrySet()) {
            int unknown =
                    Collections.frequency(reported.getOrDefault(arrival.getKey(), List.of()), ReportedOutcome.UNKNOWN);
            if (arrival.getValue() > 1) {
                repeats += arrival.getValue() - 1;
                LOG.info("{} arrived {} times; no answer {} times", arrival.getKey(), arrival.getValue(), unknown);
            }
            if (arrival.getValue() > 1 + unknown) {
                unexplained.put(arrival.getKey(), arrival.getValue());
            }
        }
        LOG.info(
                "{} deliveries, {} arrived, {} repeats",
                events * 3,
                rig.arrivals().size(),
                repeats);
        assertThat(unexplained).isEmpty();
    }

    private void budget(List<Double> attempts, double before, double soon) {
        double all = attempts();
        double most = 0;
        for (int i = 2; i < attempts.size(); i++) {
            most = Math.max(most, attempts.get(i) - attempts.get(i - 2));
        }
        LOG.info(
                "{} attempts for {} deliveries; at most {} in a second of chaos; {} just after it",
                all,
                events * 3,
                most,
                soon - before);
        assertThat(all).as("attempts").isLessThan(events * 3 * 1.6);
        assertThat(most).as("attempts in a second").isLessThan(RATE * 3 * 6);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
