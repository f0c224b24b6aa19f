package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Channel;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.Vendor;
import io.herald.simulator.Answer;
import io.herald.simulator.SesSimulator;
import io.herald.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two providers of mail: when the first is down, the second takes over, and gives back when the first is well. */
@Timeout(300)
class SecondProviderIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> SWIFT =
            Map.of("circuit.pause.ms", "200", "circuit.longest.pause.ms", "500", "ramp.ms", "1000");

    private final TopologyStack stack = new TopologyStack("second");
    private final Wire wire = stack.wire();
    private final SenderRig rig = new SenderRig(stack);
    private final SesSimulator second = SesSimulator.start(0);
    private int events;

    @AfterEach
    void stop() {
        rig.close();
        second.close();
        stack.close();
    }

    @Test
    void theSecondTakesOverWhileTheFirstIsDown() {
        stack.topology().start();
        rig.category(RuleChanged.newBuilder()
                .setTenant(SenderRig.TENANT)
                .setCategory("news")
                .setChannels(List.of(Channel.EMAIL))
                .build());
        wire.send(
                Topics.ROUTE_CHANGED,
                RouteChanged.newBuilder()
                        .setRoute(Route.EMAIL)
                        .setFirst(100)
                        .setSecond(10)
                        .build());
        for (int i = 0; i < 50; i++) {
            rig.androidUser("user" + i);
        }
        wire.flush();
        stack.awaitQuiet();
        rig.mail("first", Vendor.FIRST, rig.ses, SWIFT);
        rig.watch(second);
        rig.mail("second", Vendor.SECOND, second, SWIFT);

        send(100);
        allArrive();
        assertThat(rig.ses.count()).as("as their weights are").isGreaterThan(second.count());

        rig.ses.answerNext(1_000_000, Answer.error(503, "ServiceUnavailable", ""));
        long before = second.count();
        send(100);
        allArrive();
        assertThat(second.count() - before).as("taken over").isEqualTo(100);

        rig.ses.clear();
        await("the first to be given some again").atMost(PATIENCE).until(() -> {
            send(10);
            return rig.ses.count() > 5;
        });
        allArrive();

        assertThat(rig.arrivals().values()).as("nothing arrives twice").containsOnly(1);
        Set<ReportedOutcome> outcomes =
                rig.reported().values().stream().flatMap(List::stream).collect(Collectors.toSet());
        assertThat(outcomes)
                .as("no attempt failed")
                .containsExactlyInAnyOrder(ReportedOutcome.ACCEPTED, ReportedOutcome.STALE);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            int event = events++;
            wire.send(Topics.NOTIFICATION_REQUESTED, SenderRig.event("event-" + event, "user" + event % 50, "news"));
        }
        wire.flush();
    }

    private void allArrive() {
        await("all mails to arrive").atMost(PATIENCE).until(() -> rig.arrivals().size() == events);
    }
}
