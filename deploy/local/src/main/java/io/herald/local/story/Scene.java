package io.herald.local.story;

import io.herald.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.apache.avro.specific.SpecificRecord;

/**
 * One line of the demonstration's story: something that happens, and what must come of it.
 *
 * @param event the id by which the ledger knows it
 * @param text what everything that arrives of it says
 * @param link where the pushes of it lead, and no other pushes; null where they have none
 * @param said what the producer writes; null for what Herald makes by itself
 * @param copies how often it is written
 * @param turn null where nothing happens before the end
 */
record Scene(
        String title,
        String event,
        String text,
        String link,
        Said said,
        int copies,
        Turn turn,
        List<Expected> expected) {
    /** A record for a topic. */
    record Said(Topic topic, String key, SpecificRecord record) {}

    /**
     * Something that a user does when the event has come to {@code when}, and not before.
     *
     * @param then is given the seq of the inbox item
     */
    record Turn(List<Expected> when, LongFunction<Said> then) {
        boolean isDue(Map<String, Integer> found) {
            return count(when).equals(found);
        }
    }

    /**
     * What must come of it on one channel.
     *
     * @param outcome a delivery state, and the reason where it is not ACCEPTED: {@code SKIPPED BLOCKED_ACTOR}
     * @param times on how many addresses
     */
    record Expected(String channel, String outcome, int times) {}

    int total() {
        return expected.stream().mapToInt(Expected::times).sum();
    }

    /** Returns how often there is what: {@code PUSH ACCEPTED=3}. */
    static Map<String, Integer> count(List<Expected> expected) {
        Map<String, Integer> counts = new TreeMap<>();
        expected.forEach(one -> counts.merge(one.channel() + " " + one.outcome(), one.times(), Integer::sum));
        return counts;
    }
}
