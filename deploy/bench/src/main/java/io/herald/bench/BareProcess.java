package io.herald.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** A provider's own client without Kafka: sends so many messages as fast as it can, with a bound on those out. */
final class BareProcess {
    private final Client client;

    /** Sends one message, and calls back when it was taken, or with why it was not. */
    interface Client {
        void send(int number, Done done);
    }

    /** How a message ended: null if it was taken. */
    interface Done {
        void with(Throwable failure);
    }

    private BareProcess(Client client) {
        this.client = client;
    }

    /**
     * Runs until its input ends.
     *
     * @param arguments which client, and its settings
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = Orders.settings(List.of(arguments).subList(1, arguments.length));
        BareProcess process = new BareProcess(
                switch (arguments[0]) {
                    case "pushy" -> new BarePushy(settings);
                    case "firebase" -> new BareFirebase(settings);
                    default -> throw new IllegalArgumentException(arguments[0]);
                });
        new Orders(System.out)
                .obey(order -> process.send(Integer.parseInt(order.get(1)), Integer.parseInt(order.get(2))));
        System.exit(0);
    }

    /** Sends, and returns how long the last nine tenths took, in nanoseconds. */
    private String send(int count, int inFlight) throws InterruptedException {
        Semaphore room = new Semaphore(inFlight);
        AtomicLong failures = new AtomicLong();
        long start = 0;
        for (int number = 0; number < count; number++) {
            room.acquire();
            if (number == count / 10) {
                start = System.nanoTime();
            }
            client.send(number, failure -> {
                if (failure != null) {
                    failures.incrementAndGet();
                }
                room.release();
            });
        }
        room.acquire(inFlight);
        long took = System.nanoTime() - start;
        if (failures.get() > 0) {
            throw new IllegalStateException(failures + " of " + count + " were not taken");
        }
        return Long.toString(took);
    }
}
