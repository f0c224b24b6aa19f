package io.herald.bench;

import io.herald.local.page.DemoTokens;
import io.herald.testkit.NodeScripts;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code scripts/bench gateway}: how many sockets the gateway holds and in what memory, how fast it fills them, and
 * what a storm does to it, next to Socket.IO and to the bare library under it; then the whole way, from the producer to
 * the frame.
 */
final class GatewayBench {
    private static final List<String> SCRIPTS =
            List.of("package.json", "package-lock.json", "publisher.mjs", "socketio.mjs", "ws.mjs");
    private static final int ROUNDS = 3;
    private static final int WARM_SOCKETS = 500;
    private static final int STEADY = 5_000;
    private static final int STORM_PERCENT = 80;

    private final boolean quick;
    private final PrintStream progress;
    private final Map<SocketProtocol, Double> perSecond = new EnumMap<>(SocketProtocol.class);

    GatewayBench(boolean quick, PrintStream progress) {
        this.quick = quick;
        this.progress = progress;
    }

    Report run(Path folder) throws IOException, InterruptedException {
        Report report = new Report();
        Machine.describe(report);
        report.note("quick", quick);
        int sockets = quick ? 3_000 : 15_000;
        try (Rig rig = new Rig(folder)) {
            DemoTokens issuer = DemoTokens.in(folder.resolve("issuer"));
            Path tokens = SocketStage.tokens(issuer, folder.resolve("tokens"), sockets);
            NodeScripts node = node(folder);
            try (SocketStage herald = new SocketStage(new GatewayTarget(rig, issuer), folder, tokens)) {
                measure(herald, sockets, report);
            }
            try (SocketStage other =
                    new SocketStage(new NodeTarget(node, SocketProtocol.SOCKET_IO, "socketio.mjs"), folder, tokens)) {
                measure(other, sockets, report);
            }
            try (SocketStage other =
                    new SocketStage(new NodeTarget(node, SocketProtocol.WS, "ws.mjs"), folder, tokens)) {
                measure(other, sockets, report);
            }
            ratio(report, "over_socketio", SocketProtocol.SOCKET_IO, "goal: at least 2");
            ratio(report, "over_ws", SocketProtocol.WS, "the bare library, which passes texts on");
            new FrameBench(rig, quick, progress).measure(issuer, tokens, report);
        }
        report.note("load_after", Machine.load());
        report.line("load afterwards: %.2f".formatted(Machine.load()));
        return report;
    }

    private void measure(SocketStage stage, int sockets, Report report) {
        SocketProtocol protocol = stage.target().protocol();
        String prefix = protocol == SocketProtocol.HERALD ? "" : protocol.name().toLowerCase(Locale.ROOT) + "_";
        report.line("");
        report.line(protocol == SocketProtocol.HERALD ? "Herald's gateway" : protocol.name());
        progress.println(protocol + ": warming up");
        stage.open(WARM_SOCKETS);
        for (int round = 0; round < ROUNDS; round++) {
            stage.burst(messages() / 2);
        }
        stage.drop(WARM_SOCKETS);
        double before = stage.target().residentBytes();
        progress.println(protocol + ": opening " + sockets + " sockets");
        SocketStage.Opened opened = stage.open(sockets);
        double idle = (stage.target().residentBytes() - before) / sockets;
        report.row(prefix + "connections", "sockets open in one process", (long) sockets, "each its own user");
        report.row(
                prefix + "open_s", "seconds to open them", opened.seconds(), opened.refused() + " told to come later");
        report.row(prefix + "bytes_per_connection", "resident bytes for each", idle, "goal of the gateway: 12,288");
        progress.println(protocol + ": messages");
        SocketStage.Came all = stage.everyone();
        report.row(prefix + "fanout_s", "seconds until everybody has a message", all.seconds(), "");
        double used = (stage.target().residentBytes() - before) / sockets;
        report.row(prefix + "bytes_per_connection_used", "resident bytes for each after it", used, "");
        double[] rates = new double[ROUNDS];
        Duration cpu = stage.target().cpu();
        for (int round = 0; round < ROUNDS; round++) {
            rates[round] = stage.burst(messages()).perSecond();
        }
        double micros = stage.target().cpu().minus(cpu).toNanos() / 1e3 / ROUNDS / messages();
        perSecond.put(protocol, Statistics.median(rates));
        report.row(
                prefix + "per_s", "deliveries a second, random users", Statistics.median(rates), "median of " + ROUNDS);
        report.row(prefix + "cpu_us", "processor time for each, in us", micros, "the server's process");
        SocketStage.Came steady = stage.steady(STEADY, Duration.ofSeconds(quick ? 8 : 30));
        report.row(prefix + "p50_ms", "at 5,000 deliveries/s, p50 in ms", steady.p50Ms(), "");
        report.row(prefix + "p99_ms", "at 5,000 deliveries/s, p99 in ms", steady.p99Ms(), "goal of the gateway: 200");
        storm(stage, prefix, sockets, report);
    }

    /** Cuts most sockets and lets them come back at once; those that stay must stay. */
    private void storm(SocketStage stage, String prefix, int sockets, Report report) {
        progress.println(stage.target().protocol() + ": storm");
        int cut = sockets * STORM_PERCENT / 100;
        stage.drop(cut);
        SocketStage.Opened back = stage.open(cut);
        SocketStage.Came all = stage.everyone();
        report.row(
                prefix + "storm_s",
                "seconds until " + cut + " cut sockets are back",
                back.seconds(),
                back.refused() + " told to come later");
        report.row(prefix + "storm_lost", "others lost by it", (long) back.lost(), "of " + (sockets - cut));
        report.row(prefix + "storm_fanout_s", "everybody has a message, then", all.seconds(), "");
    }

    private int messages() {
        return quick ? 60_000 : 200_000;
    }

    private void ratio(Report report, String key, SocketProtocol other, String remark) {
        report.row(
                key,
                "deliveries/s, to " + other + "'s",
                perSecond.get(SocketProtocol.HERALD) / perSecond.get(other),
                remark);
    }

    private static NodeScripts node(Path folder) throws IOException, InterruptedException {
        Path scripts = Files.createDirectories(folder.resolve("node"));
        for (String script : SCRIPTS) {
            try (InputStream resource = GatewayBench.class.getResourceAsStream("/sockets/" + script)) {
                Files.write(
                        scripts.resolve(script),
                        Optional.ofNullable(resource).orElseThrow().readAllBytes());
            }
        }
        return NodeScripts.demand(scripts.toFile(), folder.toFile());
    }
}
