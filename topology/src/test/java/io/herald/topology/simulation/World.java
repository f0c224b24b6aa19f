package io.herald.topology.simulation;

import io.herald.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.avro.specific.SpecificRecord;

/** Time outside of Herald: what is to happen when. One thread; nothing happens but by {@link #runUntil}. */
final class World {
    private static final Comparator<Happening> ORDER =
            Comparator.comparing(Happening::at).thenComparing(Happening::number);

    private final PriorityQueue<Happening> ahead = new PriorityQueue<>(ORDER);
    private Instant now;
    private long numbers;
    private Inputs inputs;

    private record Happening(Instant at, long number, Runnable what) {}

    /** Where what people, apps, producers and senders say goes. */
    interface Inputs {
        void send(Topic topic, SpecificRecord record);
    }

    World(Instant start) {
        this.now = start;
    }

    void inputs(Inputs to) {
        inputs = to;
    }

    Instant now() {
        return now;
    }

    void after(Duration wait, Runnable what) {
        ahead.add(new Happening(now.plus(wait), numbers++, what));
    }

    void send(Topic topic, SpecificRecord record) {
        inputs.send(topic, record);
    }

    void runUntil(Instant end) {
        while (!ahead.isEmpty() && !ahead.peek().at().isAfter(end)) {
            Happening next = ahead.remove();
            now = next.at();
            next.what().run();
        }
        now = end;
    }
}
