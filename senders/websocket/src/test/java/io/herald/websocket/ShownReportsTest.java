package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.websocket.Harness.HeldLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the router hears of an item that it asked about. */
@Timeout(60)
class ShownReportsTest {
    private static final String GATEWAY = "gateway-under-test";
    private static final String NOTIFICATION = "5c6f3a5e-0000-0000-0000-000000000001";

    private final HeldLog log = new HeldLog();
    private final ShownReports reports = new ShownReports(GATEWAY, log, new GatewayMeters(new SimpleMeterRegistry()));

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            0, -,     NO_SOCKET, nobody is here
            1, y,     SHOWN,     one socket took it
            1, n,     NO_SOCKET, the only socket was gone
            2, y,     SHOWN,     the first is enough
            2, n,     -,         the other may still take it
            2, ny,    SHOWN,     the other took it
            2, nn,    NO_SOCKET, both were gone
            2, yy,    SHOWN,     said once
            3, yny,   SHOWN,     what comes after it is not news
            3, nyn,   SHOWN,     and takes nothing back
            3, nnn,   NO_SOCKET, all were gone
            """)
    void saysOnceWhetherAnySocketTookIt(int sockets, String written, SocketOutcome outcome, String why) {
        Consumer<Boolean> frames = reports.of(asking(List.of("other", GATEWAY)), sockets);
        if (written != null) {
            written.chars().forEach(one -> frames.accept(one == 'y'));
        }

        assertThat(log.reports.stream().map(SocketReported::getOutcome))
                .isEqualTo(outcome == null ? List.of() : List.of(outcome));
        assertThat(log.reports).allSatisfy(report -> {
            assertThat(report.getTenant()).isEqualTo("demo");
            assertThat(report.getUser()).isEqualTo("ana");
            assertThat(report.getNotificationId()).isEqualTo(NOTIFICATION);
            assertThat(report.getGateway()).isEqualTo(GATEWAY);
        });
    }

    @Test
    void saysNothingWhereAnotherIsAsked() {
        reports.of(asking(List.of("other", GATEWAY + "-2")), 0);
        reports.of(asking(List.of()), 1).accept(true);
        reports.of(Harness.mark("ana", List.of(1L)), 1).accept(true);

        assertThat(log.reports).isEmpty();
    }

    @Test
    void asksRealSockets(@TempDir Path folder) throws Exception {
        try (Harness harness = new Harness(folder, Map.of())) {
            harness.feed().sink().push(asking(List.of(GATEWAY)));
            assertThat(outcomes(harness)).containsExactly(SocketOutcome.NO_SOCKET);

            try (Client phone = harness.connect("ana", "phone");
                    Client laptop = harness.connect("ana", "laptop")) {
                harness.feed().sink().push(asking(List.of(GATEWAY)));
                phone.expect("item");
                laptop.expect("item");
                await().until(() -> outcomes(harness).size() == 2);
                assertThat(outcomes(harness)).containsExactly(SocketOutcome.NO_SOCKET, SocketOutcome.SHOWN);
            }
            assertThat(harness.health("/metrics").body())
                    .contains(
                            "herald_ws_socket_reports_total{result=\"no_socket\"} 1.0",
                            "herald_ws_socket_reports_total{result=\"shown\"} 1.0");
        }
    }

    /** A client that takes nothing fills its queue, and is closed: what was for it is not shown. */
    @Test
    void doesNotTakeAFullQueueForAScreen(@TempDir Path folder) throws Exception {
        try (Harness harness = new Harness(folder, Map.of("outbound.max.bytes", "1024"))) {
            try (Client ana = harness.connect("ana", "phone")) {
                ana.expect("welcome");
                Realtime tooLong = Realtime.newBuilder(asking(List.of(GATEWAY)))
                        .setItem(Harness.item("ana", 1, "x".repeat(2_000)).getItem())
                        .build();

                harness.feed().sink().push(tooLong);

                assertThat(ana.expectClose()).isEqualTo(4008);
                assertThat(outcomes(harness)).containsExactly(SocketOutcome.NO_SOCKET);
            }
        }
    }

    private static List<SocketOutcome> outcomes(Harness harness) {
        return harness.log().reports.stream().map(SocketReported::getOutcome).toList();
    }

    private static Realtime asking(List<String> gateways) {
        return Realtime.newBuilder(Harness.item("ana", 1, "title"))
                .setAskGateways(gateways)
                .setNotificationId(NOTIFICATION)
                .build();
    }
}
