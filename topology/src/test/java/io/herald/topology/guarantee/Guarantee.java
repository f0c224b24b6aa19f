package io.herald.topology.guarantee;

import io.herald.schema.NotificationRequested;
import io.herald.topic.Topic;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * A promise of Herald as an object: it is told what was requested and what was written, and says whether the promise
 * was kept. The same objects watch stage tests, crash tests and soaks.
 */
public interface Guarantee {
    /** Tells of an event that a producer wrote; once for each copy. */
    default void requested(NotificationRequested event) {}

    /** Tells of a committed record that Herald wrote, in the order of its partition. */
    void written(Topic topic, byte[] key, SpecificRecord value);

    /** Throws an {@link AssertionError} if the promise was broken by what was told so far. */
    void check();

    /** Returns new objects of all promises. */
    static List<Guarantee> all() {
        return List.of(new OneDecisionEach(), new OneEndEach(), new GaplessInbox());
    }
}
