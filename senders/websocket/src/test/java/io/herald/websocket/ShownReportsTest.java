package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.websocket.Harness.HeldLog;
import io.herald.wire.UserKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the router hears of an item that it asked about. */
@Timeout(60)
class ShownReportsTest {
    private static final String GATEWAY = "gateway-under-test";
    private static final UserKey ANA = new UserKey("demo", "ana");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HeldLog log = new HeldLog();
    private final ShownReports reports =
            new ShownReports(GATEWAY, PATIENCE, log, new GatewayMeters(new SimpleMeterRegistry()));

    /** Items 4 and 7 are pushed; then 4 and 7 acknowledge, g is the last client gone, t the time over. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,   -,                     nothing has come of it yet
            4,   4=SHOWN,               one has arrived
            7,   4=SHOWN 7=SHOWN,       an acknowledgement is of all before it too
            44,  4=SHOWN,               said once
            g,   4=NO_SOCKET 7=NO_SOCKET, nobody is left
            t,   4=NO_SOCKET 7=NO_SOCKET, nobody said anything in time
            4g,  4=SHOWN 7=NO_SOCKET,   what had arrived has arrived
            4t7, 4=SHOWN 7=NO_SOCKET 7=SHOWN, late it has arrived all the same
            t4,  4=NO_SOCKET 4=SHOWN 7=NO_SOCKET, late
            t777, 4=NO_SOCKET 4=SHOWN 7=NO_SOCKET, late and said once
            tg7, 4=NO_SOCKET 7=NO_SOCKET, nobody is left to say it late
            gt,  4=NO_SOCKET 7=NO_SOCKET, said once
            """)
    void saysOnceWhetherItArrived(String events, String reported, String why) {
        reports.pushing(asking(4, List.of("other", GATEWAY)), 0);
        reports.pushing(asking(7, List.of(GATEWAY)), 0);
        reports.acknowledged(new UserKey("demo", "bo"), 9);
        reports.gone(new UserKey("other", "ana"));
        reports.expire(PATIENCE.toNanos() - 1);
        (events == null ? "" : events).chars().forEach(event -> {
            switch (event) {
                case 'g' -> reports.gone(ANA);
                case 't' -> reports.expire(PATIENCE.toNanos());
                default -> reports.acknowledged(ANA, event - '0');
            }
        });

        assertThat(log.reports.stream()
                        .map(report -> report.getNotificationId() + "=" + report.getOutcome())
                        .sorted())
                .as(why)
                .isEqualTo(reported == null ? List.of() : List.of(reported.split(" ", -1)));
        assertThat(log.reports).allSatisfy(report -> {
            assertThat(report.getTenant()).isEqualTo("demo");
            assertThat(report.getUser()).isEqualTo("ana");
            assertThat(report.getGateway()).isEqualTo(GATEWAY);
        });
    }

    @Test
    void countsThePatienceOfEachItemByItself() {
        reports.pushing(asking(4, List.of(GATEWAY)), 0);
        reports.pushing(asking(7, List.of(GATEWAY)), 1);

        reports.expire(PATIENCE.toNanos());

        assertThat(log.reports).extracting(SocketReported::getNotificationId).containsExactly("4");
    }

    @Test
    void saysNothingWhereAnotherIsAsked() {
        reports.pushing(asking(4, List.of("other", GATEWAY + "-2")), 0);
        reports.pushing(asking(4, List.of()), 0);
        reports.pushing(Harness.mark("ana", List.of(1L)), 0);
        reports.acknowledged(ANA, 9);
        reports.gone(ANA);

        assertThat(log.reports).isEmpty();
    }

    @Test
    void asksRealSockets(@TempDir Path folder) throws Exception {
        try (Harness harness = new Harness(folder, Map.of("ack.timeout.ms", "200"))) {
            harness.feed().sink().push(asking(1, List.of(GATEWAY)));
            assertThat(outcomes(harness)).containsExactly(SocketOutcome.NO_SOCKET);

            try (Client phone = harness.connect("ana", "phone");
                    Client laptop = harness.connect("ana", "laptop")) {
                harness.feed().sink().push(asking(2, List.of(GATEWAY)));
                phone.expect("item");
                laptop.expect("item");
                laptop.send("{\"type\":\"ack\",\"upTo\":2}");
                await().until(() -> outcomes(harness).size() == 2);
                assertThat(outcomes(harness)).containsExactly(SocketOutcome.NO_SOCKET, SocketOutcome.SHOWN);

                // It came to both, but neither says so.
                harness.feed().sink().push(asking(3, List.of(GATEWAY)));
                await().until(() -> outcomes(harness).size() == 3);
                assertThat(outcomes(harness)).last().isEqualTo(SocketOutcome.NO_SOCKET);
            }
            assertThat(harness.health("/metrics").body())
                    .contains(
                            "herald_ws_socket_reports_total{result=\"no_socket\"} 2.0",
                            "herald_ws_socket_reports_total{result=\"shown\"} 1.0");
        }
    }

    /** Whoever leaves without a word has not seen it: nobody waits for the time to run out. */
    @Test
    void saysSoWhenTheLastSocketIsGone(@TempDir Path folder) throws Exception {
        try (Harness harness = new Harness(folder, Map.of("ack.timeout.ms", "600000"))) {
            try (Client phone = harness.connect("ana", "phone");
                    Client laptop = harness.connect("ana", "laptop")) {
                harness.feed().sink().push(asking(1, List.of(GATEWAY)));
                phone.expect("item");
                laptop.expect("item");
                phone.socket().sendClose(1000, "").join();
                await().until(() -> harness.log().presence.size() == 3);
                assertThat(outcomes(harness)).isEmpty();
            }
            await().until(() -> !outcomes(harness).isEmpty());
            assertThat(outcomes(harness)).containsExactly(SocketOutcome.NO_SOCKET);
        }
    }

    private static List<SocketOutcome> outcomes(Harness harness) {
        return harness.log().reports.stream().map(SocketReported::getOutcome).toList();
    }

    private static Realtime asking(long seq, List<String> gateways) {
        return Realtime.newBuilder(Harness.item("ana", seq, "title"))
                .setAskGateways(gateways)
                .setNotificationId(Long.toString(seq))
                .build();
    }
}
