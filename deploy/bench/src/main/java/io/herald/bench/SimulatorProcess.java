package io.herald.bench;

import io.herald.simulator.Answer;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.Push;
import io.herald.simulator.SesSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** A provider's process. Its first answer are the settings to reach it by. */
final class SimulatorProcess {
    private final BiConsumer<Integer, Answer> script;
    private long[] arrivals = new long[1 << 16];
    private int count;
    private long[] waits = new long[1 << 12];
    private int waited;

    private SimulatorProcess(String provider, Path folder, Orders orders) throws IOException {
        switch (provider) {
            case "apns" -> {
                ApnsSimulator apns = ApnsSimulator.start(0);
                for (int user = 0; user < SenderLoad.USERS; user++) {
                    apns.register(SenderLoad.apnsToken(user));
                }
                apns.onReceived(this::came);
                script = apns::answerNext;
                orders.done(apns(
                        folder,
                        apns.port(),
                        apns.credentials().teamId(),
                        apns.credentials().keyId(),
                        apns.credentials().privateKey(),
                        apns.certificatePem()));
            }
            case "pushy" -> {
                PushyServer pushy = PushyServer.start();
                script = (times, answer) -> {
                    throw new IllegalArgumentException("answers at once, always");
                };
                orders.done(
                        apns(folder, pushy.port(), "HERALDTEAM", "HERALDKEY1", pushy.anyKey(), pushy.certificatePem()));
            }
            case "fcm" -> {
                FcmSimulator fcm = FcmSimulator.start(0);
                for (int user = 0; user < SenderLoad.USERS; user++) {
                    fcm.register(SenderLoad.fcmToken(user));
                }
                script = fcm::answerNext;
                orders.done(String.join(
                        "\t", "fcm.url=" + fcm.url(), "fcm.project.id=herald", "fcm.access.token=simulator"));
            }
            case "ses" -> {
                SesSimulator ses = SesSimulator.start(0);
                ses.onReceived(mail -> came());
                script = ses::answerNext;
                orders.done(String.join(
                        "\t",
                        "ses.url=" + ses.url(),
                        "ses.region=eu-central-1",
                        "ses.from.address=herald@example.com",
                        "ses.access.key.id=simulator",
                        "ses.secret.access.key=simulator"));
            }
            default -> throw new IllegalArgumentException(provider);
        }
    }

    /**
     * Runs until its input ends.
     *
     * @param arguments the provider, and a folder for its keys
     */
    public static void main(String[] arguments) throws IOException {
        Orders orders = new Orders(System.out);
        SimulatorProcess simulator = new SimulatorProcess(arguments[0], Path.of(arguments[1]), orders);
        orders.obey(simulator::obey);
        Runtime.getRuntime().halt(0);
    }

    private String obey(List<String> order) {
        return switch (order.get(0)) {
            case "slow" -> {
                script.accept(
                        Integer.parseInt(order.get(2)), Answer.slow(Duration.ofMillis(Long.parseLong(order.get(1)))));
                yield "";
            }
            case "forget" -> forget();
            case "rate" -> rate();
            case "waits" -> waits();
            default -> throw new IllegalArgumentException("no order " + order);
        };
    }

    private void came(Push push) {
        UUID id = UUID.fromString(push.deliveryId());
        if (id.getMostSignificantBits() == SenderLoad.TIMED) {
            note(System.nanoTime() - id.getLeastSignificantBits());
        }
    }

    private synchronized void note(long nanos) {
        if (waited == waits.length) {
            waits = Arrays.copyOf(waits, 2 * waited);
        }
        waits[waited++] = nanos;
    }

    private synchronized void came() {
        if (count == arrivals.length) {
            arrivals = Arrays.copyOf(arrivals, 2 * count);
        }
        arrivals[count++] = System.nanoTime();
    }

    private synchronized String forget() {
        count = 0;
        waited = 0;
        return "";
    }

    /** Returns arrivals a second between the first and the last one. */
    private synchronized String rate() {
        return Double.toString((count - 1) / ((arrivals[count - 1] - arrivals[0]) / 1e9));
    }

    /** Returns how long each took that was timed, in nanoseconds. */
    private synchronized String waits() {
        StringBuilder text = new StringBuilder();
        for (int each = 0; each < waited; each++) {
            text.append(each == 0 ? "" : "\t").append(waits[each]);
        }
        return text.toString();
    }

    private static String apns(Path folder, int port, String team, String keyId, String key, String certificate)
            throws IOException {
        Files.createDirectories(folder);
        Path keyFile = Files.writeString(folder.resolve("key.p8"), key);
        Path trusted = Files.writeString(folder.resolve("apns.pem"), certificate);
        return String.join(
                "\t",
                "apns.team.id=" + team,
                "apns.key.id=" + keyId,
                "apns.key.file=" + keyFile,
                "apns.trusted.certificates.file=" + trusted,
                "apns.production.server=localhost:" + port,
                "apns.sandbox.server=localhost:" + port);
    }
}
