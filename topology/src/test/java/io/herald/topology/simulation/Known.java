package io.herald.topology.simulation;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.schema.Unless;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A notification as the reference knows it: what it is, and what the ledger has said of it so far. */
final class Known {
    final UserKey user;
    final Notification notification;
    final Map<Channel, Leg> legs = new EnumMap<>(Channel.class);
    final Map<String, Out> outs = new LinkedHashMap<>();
    /** By what a later one takes its place; null: by nothing. */
    String collapse;

    Long seq;
    Reason stopped;
    /** Until when it is held; null: it is not. */
    Instant heldUntil;

    /** A channel that waits. */
    record Leg(Reason why, Unless unless, Instant due, Lane lane) {
        Leg dueAt(Instant other) {
            return new Leg(why, unless, other, lane);
        }
    }

    /** A delivery that has not ended. */
    static final class Out {
        final Channel channel;
        Delivery last;
        int failures;
        /** When it is tried again; null: a sender has it. */
        Instant due;
        /** By when there must be a report. */
        Instant deadline;

        Out(Channel channel, Delivery first) {
            this.channel = channel;
            this.last = first;
        }
    }

    Known(UserKey user, Notification notification) {
        this.user = user;
        this.notification = notification;
    }

    boolean isOpen() {
        return heldUntil != null || !legs.isEmpty() || !outs.isEmpty();
    }

    boolean isOut(Channel channel) {
        return outs.values().stream().anyMatch(out -> out.channel == channel);
    }
}
