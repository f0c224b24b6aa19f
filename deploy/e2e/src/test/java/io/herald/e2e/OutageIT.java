package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.DeliveryState;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.RuleChanged;
import io.herald.schema.Transition;
import io.herald.simulator.Answer;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FCM is down for longer than an urgent decision keeps, with thousands of deliveries waiting:
 * {@code -Dherald.outage.deliveries=100000} and {@code -Dherald.outage.seconds=300} for more of both.
 */
@Timeout(1_500)
class OutageIT {
    private static final Logger LOG = LoggerFactory.getLogger(OutageIT.class);
    private static final int DELIVERIES = Integer.getInteger("herald.outage.deliveries", 3_000);
    private static final Duration OUTAGE = SenderRig.seconds("herald.outage.seconds", 70);
    private static final int PER_SECOND = Math.max(300, DELIVERIES / 50);
    private static final int MAILS = 50;
    private static final Duration RAMP = Duration.ofSeconds(10);
    private static final List<String> USERS = IntStream.range(0, Math.max(500, DELIVERIES / 10))
            .mapToObj(i -> "user" + i)
            .toList();

    private final TopologyStack stack = new TopologyStack("outage");
    private final Wire wire = stack.wire();
    private final SenderRig rig = new SenderRig(stack);
    private final List<Guarantee> guarantees = new ArrayList<>(Guarantee.ofOutputs());

    /** What users do in the meantime, by their number. */
    private enum Meanwhile {
        NOTHING,
        OPTS_OUT,
        READS_IT,
        GOES_TO_BED;

        static Meanwhile of(String user) {
            int number = Integer.parseInt(user.substring("user".length())) % 10;
            return number == 1 ? OPTS_OUT : number == 2 ? READS_IT : number == 3 ? GOES_TO_BED : NOTHING;
        }
    }

    @AfterEach
    void stop() {
        rig.close();
        stack.close();
    }

    @Test
    void nothingIsLostOrBurntOrSentToThoseWhoChangedTheirMinds() {
        stack.topology().start();
        rig.category(rule("news", Channel.INBOX, Channel.PUSH));
        rig.category(rule("mail", Channel.EMAIL));
        USERS.forEach(rig::androidUser);
        wire.flush();
        stack.awaitQuiet();
        rig.fcm.answerNext(10_000_000, Answer.error(503, "UNAVAILABLE", ""));
        rig.start(Map.of(
                "rate.per.second",
                Integer.toString(PER_SECOND),
                "circuit.pause.ms",
                "200",
                "circuit.longest.pause.ms",
                "1000",
                "ramp.ms",
                Long.toString(RAMP.toMillis())));

        IntStream.range(0, DELIVERIES).forEach(i -> request("news-" + i, USERS.get(i % USERS.size()), "news"));
        wire.flush();
        stack.awaitQuiet();
        Instant decided = Instant.now();
        assertThat(rig.meter("fcm", "herald_sender_circuit")).isPositive();
        USERS.forEach(this::meanwhile);
        otherChannelsAreNotTouched();
        stack.awaitQuiet();
        await("the outage to have lasted long enough")
                .atMost(OUTAGE.plusSeconds(10))
                .until(() -> Duration.between(decided, Instant.now()).compareTo(OUTAGE) >= 0);
        assertThat(arrivedAtFcm()).isEmpty();

        rig.fcm.clear();
        long[] perSecond = watchRecovery();
        await("all that is wanted to arrive")
                .atMost(Duration.ofMinutes(15))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> rig.arrivals().size() >= MAILS + wanted());
        await("the ledger to hear of it")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(this::onlyThoseWhoStillWantItGotIt);

        noAttemptWasBurnt();
        assertThat(wire.readAll(Topics.DEAD_LETTER, DeadLetter.class)).isEmpty();
        LOG.info("arrivals in the first seconds after the outage: {}", perSecond);
        assertThat(perSecond[1])
                .as("in the first two seconds, of %d at full rate", 2 * PER_SECOND)
                .isLessThan(PER_SECOND);
        for (Topic topic : List.of(Topics.LEDGER, Topics.INBOX_ITEM)) {
            wire.readAll(topic)
                    .forEach(read -> guarantees.forEach(
                            guarantee -> guarantee.written(topic, read.raw().key(), read.value())));
        }
        guarantees.forEach(Guarantee::check);
    }

    private void otherChannelsAreNotTouched() {
        Instant before = Instant.now();
        IntStream.range(0, MAILS).forEach(i -> request("mail-" + i, "user0", "mail"));
        wire.flush();
        await("mails to go out").atMost(Duration.ofSeconds(30)).until(() -> rig.ses.count() == MAILS);
        LOG.info("{} mails went out within {} while FCM was down", MAILS, Duration.between(before, Instant.now()));
    }

    /** Returns how many had arrived one, two and five seconds after the first. */
    private long[] watchRecovery() {
        await("the first to arrive")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> rig.arrivals().size() > MAILS);
        long first = System.nanoTime();
        long[] arrived = new long[3];
        int[] after = {1, 2, 5};
        for (int i = 0; i < after.length; i++) {
            long then = first + Duration.ofSeconds(after[i]).toNanos();
            await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() >= then);
            arrived[i] = (long) rig.arrivals().size() - MAILS;
        }
        return arrived;
    }

    private void meanwhile(String user) {
        switch (Meanwhile.of(user)) {
            case NOTHING -> {}
            case OPTS_OUT ->
                wire.send(
                        Topics.PREFERENCE_CHANGED,
                        user,
                        preference(user).setOptOuts(List.of(optOut())).build());
            case READS_IT ->
                wire.send(
                        Topics.INBOX_ACTED,
                        user,
                        InboxActed.newBuilder()
                                .setTenant(SenderRig.TENANT)
                                .setUser(user)
                                .setAct(InboxAct.READ)
                                .setUpToSeq(1_000L)
                                .setAt(Instant.now())
                                .build());
            case GOES_TO_BED -> {
                int minute = LocalTime.now(ZoneOffset.UTC).toSecondOfDay() / 60;
                QuietWindow night = QuietWindow.newBuilder()
                        .setStartMinute((minute + 1_430) % 1_440)
                        .setEndMinute((minute + 300) % 1_440)
                        .build();
                wire.send(
                        Topics.PREFERENCE_CHANGED,
                        user,
                        preference(user)
                                .setZone("UTC")
                                .setQuietHours(List.of(night))
                                .build());
            }
        }
    }

    private static OptOut optOut() {
        return OptOut.newBuilder()
                .setCategory("news")
                .setChannel(Channel.PUSH)
                .setOptedOut(true)
                .build();
    }

    private static PreferenceChanged.Builder preference(String user) {
        return PreferenceChanged.newBuilder().setTenant(SenderRig.TENANT).setUser(user);
    }

    private void noAttemptWasBurnt() {
        Set<ReportedOutcome> outcomes =
                rig.reported().values().stream().flatMap(List::stream).collect(Collectors.toSet());
        assertThat(outcomes).containsExactlyInAnyOrder(ReportedOutcome.ACCEPTED, ReportedOutcome.STALE);
        assertThat(rig.arrivals().values()).as("nothing arrives twice").containsOnly(1);
    }

    private void onlyThoseWhoStillWantItGotIt() {
        Set<String> arrived = new HashSet<>(rig.arrivals().keySet());
        Map<Meanwhile, Map<String, Integer>> ends = new HashMap<>();
        Map<String, Transition> last = new HashMap<>();
        Map<String, String> users = new HashMap<>();
        wire.readAll(Topics.LEDGER, LedgerEntry.class).forEach(read -> {
            if (read.value().getBody() instanceof Transition moved
                    && moved.getRoute() == Route.FCM
                    && !moved.getLate()) {
                last.put(moved.getDeliveryId(), moved);
                users.put(moved.getDeliveryId(), read.value().getUser());
            }
        });
        assertThat(last).hasSize(DELIVERIES);
        last.forEach((delivery, moved) -> {
            Meanwhile did = Meanwhile.of(users.get(delivery));
            ends.computeIfAbsent(did, any -> new HashMap<>())
                    .merge(moved.getState() + " " + moved.getReason(), 1, Integer::sum);
            assertThat(arrived.contains(delivery)).as("%s: %s", did, moved).isEqualTo(did == Meanwhile.NOTHING);
        });
        LOG.info("how they ended: {}", ends);
        assertThat(ends.get(Meanwhile.NOTHING).keySet()).containsExactly(DeliveryState.ACCEPTED + " null");
        assertThat(ends.get(Meanwhile.OPTS_OUT).keySet())
                .allMatch(end -> end.startsWith(DeliveryState.CANCELLED.name()));
        assertThat(ends.get(Meanwhile.READS_IT).keySet())
                .containsExactly(DeliveryState.CANCELLED + " " + Reason.READ_ELSEWHERE);
        assertThat(ends.get(Meanwhile.GOES_TO_BED).keySet())
                .containsExactly(DeliveryState.WAITING + " " + Reason.QUIET_HOURS);
    }

    private Set<String> arrivedAtFcm() {
        return rig.fcm.received().stream().map(push -> push.deliveryId()).collect(Collectors.toSet());
    }

    /** Returns how many deliveries are for users who do nothing meanwhile; each has one device. */
    private static int wanted() {
        return (int) IntStream.range(0, DELIVERIES)
                .filter(i -> Meanwhile.of(USERS.get(i % USERS.size())) == Meanwhile.NOTHING)
                .count();
    }

    private void request(String id, String user, String category) {
        NotificationRequested event = SenderRig.event(id, user, category);
        guarantees.forEach(guarantee -> guarantee.requested(event));
        wire.send(Topics.NOTIFICATION_REQUESTED, event);
    }

    private static RuleChanged rule(String category, Channel... channels) {
        return RuleChanged.newBuilder()
                .setTenant(SenderRig.TENANT)
                .setCategory(category)
                .setChannels(List.of(channels))
                .build();
    }
}
