package io.herald.local.story;

import java.time.Duration;

/** Takes the lines of the demonstration's table. */
public interface Report {
    /**
     * Takes one line.
     *
     * @param took from the producer's write until the ledger's word
     */
    void line(String event, String channel, String verdict, Duration took);
}
