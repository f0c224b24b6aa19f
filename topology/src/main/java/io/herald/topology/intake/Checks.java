package io.herald.topology.intake;

import io.herald.topic.Topic;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/**
 * Intake's rules for those who write into its topics for others: who asks here before is not told by a dead letter,
 * which nobody reads to their caller.
 */
public final class Checks {
    private Checks() {}

    /**
     * Passes a record by the rule that intake will pass it by. Texts for people are cleaned in it.
     *
     * @param topic an input topic
     * @param record of the type of that topic
     * @param now what counts as the time of acceptance
     * @throws RefusedException naming the field for which it would be refused
     */
    public static void check(Topic topic, SpecificRecord record, Instant now) {
        Acceptance.check(topic, record, now);
    }
}
