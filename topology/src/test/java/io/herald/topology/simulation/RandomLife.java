package io.herald.topology.simulation;

import io.herald.schema.Delivery;
import io.herald.schema.Realtime;
import io.herald.topic.Topic;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * The deeds of a simulation for a Herald that really runs: whoever has one writes what it says, and tells it what came
 * of that. Its time is its own, and passes as fast as it is let.
 */
public final class RandomLife {
    private final World world;
    private final Users users;
    private final Senders senders;
    private final Deeds deeds;

    /** Makes one that begins at {@code start}; {@code write} takes each record for its topic. */
    public RandomLife(long seed, Instant start, BiConsumer<Topic, SpecificRecord> write) {
        Chance chance = new Chance(seed);
        world = new World(start);
        world.inputs(write::accept);
        users = new Users(world, new Chance(chance.seed()), false);
        senders = new Senders(world, new Chance(chance.seed()), false);
        deeds = new Deeds(world, new Chance(chance.seed()), users, senders);
    }

    /** Writes what there is before anything happens. */
    public void begin() {
        deeds.begin();
    }

    /** Lets {@code count} things happen with {@code pause} between them, and what was to come in that time. */
    public void pass(int count, Duration pause) {
        for (int deed = 0; deed < count; deed++) {
            deeds.one();
            world.runUntil(world.now().plus(pause));
        }
    }

    /** A delivery has come to a sender. */
    public void saw(Delivery delivery) {
        senders.saw(delivery);
    }

    /** A change of an inbox has come to a gateway. */
    public void saw(String gateway, Realtime change) {
        users.saw(gateway, change);
    }

    /** An item is in an inbox. */
    public void got(UserKey user, long seq) {
        users.got(user, seq);
    }
}
