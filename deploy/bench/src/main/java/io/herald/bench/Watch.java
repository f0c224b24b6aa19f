package io.herald.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Looks at a number again and again while something else is measured. */
final class Watch implements AutoCloseable {
    private final LongSupplier number;
    private final List<Long> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    /** Begins to look. */
    Watch(LongSupplier number) {
        this.number = number;
        this.thread = new Thread(this::look, "watch");
        thread.start();
    }

    /** Ends looking, and returns what was seen at a share of the looks, such as 1 for the most. */
    long seen(double share) {
        close();
        return Statistics.percentile(seen.stream().mapToLong(Long::longValue).toArray(), share);
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        while (!ended) {
            seen.add(number.getAsLong());
            Rig.pause();
        }
    }
}
