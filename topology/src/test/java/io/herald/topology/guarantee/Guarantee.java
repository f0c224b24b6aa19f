package io.herald.topology.guarantee;

import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * A promise of Herald as an object: it is told what was requested, read and written, and says whether the promise was
 * kept. The same objects watch stage tests, simulations, crash tests and soaks.
 */
public interface Guarantee {
    /** Tells of an event that a producer wrote; once for each copy. */
    default void requested(NotificationRequested event) {}

    /** Tells of a record of the mailbox, before what the router writes for it. */
    default void read(Mail mail) {}

    /** Tells of a committed record that Herald wrote, in the order of its partition. */
    void written(Topic topic, byte[] key, SpecificRecord value);

    /** Throws an {@link AssertionError} if the promise was broken by what was told so far. Cheap. */
    void check();

    /** Throws an {@link AssertionError} if something is still missing when nothing moves any more. */
    default void checkAtRest() {
        check();
    }

    /** Returns new objects of the promises that can be told from what was requested and written. */
    static List<Guarantee> ofOutputs() {
        return List.of(
                new OneDecisionEach(),
                new OneEndEach(),
                new GaplessInbox(),
                new HonestCounts(),
                new ReasonsGiven(),
                new RowsTellTheSame());
    }

    /** Returns new objects of all promises, for one partition of the mailbox. */
    static List<Guarantee> all() {
        History history = new History();
        return Stream.of(
                        Stream.of(history),
                        ofOutputs().stream(),
                        Stream.of(
                                new NothingUnwanted(history),
                                new NothingInQuietHours(history),
                                new NothingTakenBack(history),
                                new NothingToGoneAddresses(history),
                                new CapsHold(history),
                                new DigestsConserve(history),
                                new BroadcastsHitOnce(history),
                                new SocketsAreTold(history),
                                new RepeatsHaveACause()))
                .flatMap(stream -> stream)
                .collect(ArrayList::new, List::add, List::addAll);
    }
}
