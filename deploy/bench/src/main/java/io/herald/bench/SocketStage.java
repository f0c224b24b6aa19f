package io.herald.bench;

import io.herald.local.page.DemoTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** One server of sockets and its clients, in processes of their own, and what can be seen of them. */
final class SocketStage implements AutoCloseable {
    static final String LINK = "https://example.com/p/";
    static final String NOTIFICATION = "5c6f3a5e-0000-4000-8000-000000000001";
    static final String TITLE = "Bo commented on your photo";
    static final String BODY = "The light in this one is what I like best. Where was it taken, and when?";

    private static final String USER = "user-";
    private static final List<String> JVM = List.of("-Xms512m", "-Xmx1g");
    private static final int SECONDS = 240;
    private static final SplittableRandom RANDOM = new SplittableRandom(7);

    private final SocketTarget target;
    private final Child clients;
    private int open;

    /**
     * Messages that came.
     *
     * @param seconds until the last one
     */
    record Came(int messages, double seconds, double p50Ms, double p99Ms) {
        double perSecond() {
            return messages / seconds;
        }
    }

    /** How sockets were opened: in which time, and how often the server said "later". */
    record Opened(double seconds, int refused, int lost) {}

    SocketStage(SocketTarget target, Path folder, Path tokens) {
        this.target = target;
        this.clients = new Child("clients-" + target.protocol(), folder, JVM, SocketClients.class, tokens.toString());
    }

    static String user(int number) {
        return USER + number;
    }

    static int number(String user) {
        return Integer.parseInt(user.substring(USER.length()));
    }

    /** Writes a token for each user. */
    static Path tokens(DemoTokens issuer, Path file, int users) throws IOException {
        return Files.write(
                file,
                IntStream.range(0, users)
                        .mapToObj(user -> issuer.sign(user(user), "bench"))
                        .toList());
    }

    SocketTarget target() {
        return target;
    }

    /** Opens the sockets of the next {@code count} users. */
    Opened open(int count) {
        clients.ask("reset");
        String seconds = clients.ask(
                "open",
                target.protocol().name(),
                Integer.toString(target.port()),
                Integer.toString(open),
                Integer.toString(count),
                Integer.toString(SECONDS));
        open += count;
        String[] counts = clients.ask("counts").split("\t", -1);
        return new Opened(Double.parseDouble(seconds), Integer.parseInt(counts[1]), Integer.parseInt(counts[2]));
    }

    /** Cuts those that were opened last. */
    void drop(int count) {
        clients.ask("drop", Integer.toString(count));
        open -= count;
    }

    /** Sends everybody a message. */
    Came everyone() {
        clients.ask("reset");
        long start = System.nanoTime();
        target.everyone(open, start);
        return came(open, start);
    }

    /** Sends messages to users chosen at random, as fast as it can. */
    Came burst(int messages) {
        clients.ask("reset");
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            target.send(RANDOM.nextInt(open), start);
        }
        return came(messages, start);
    }

    /** Sends messages to users chosen at random by the clock, so that a stall counts for all that waits behind it. */
    Came steady(int perSecond, Duration time) {
        clients.ask("reset");
        int messages = (int) (perSecond * time.toSeconds());
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            while (System.nanoTime() < due) {
                target.flush();
                LockSupport.parkNanos(due - System.nanoTime());
            }
            target.send(RANDOM.nextInt(open), due);
        }
        return came(messages, start);
    }

    private Came came(int messages, long start) {
        target.flush();
        return await(messages, start);
    }

    /** Waits for messages that somebody else sends. */
    Came await(int messages, long start) {
        String[] words = clients.ask("await", Integer.toString(messages), Integer.toString(SECONDS))
                .split("\t", -1);
        return new Came(
                Integer.parseInt(words[0]),
                (Long.parseLong(words[1]) - start) / 1e9,
                Long.parseLong(words[2]) / 1e6,
                Long.parseLong(words[3]) / 1e6);
    }

    /** Forgets what came until now. */
    void reset() {
        clients.ask("reset");
    }

    @Override
    public void close() {
        clients.close();
        target.close();
    }
}
