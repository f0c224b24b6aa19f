package io.herald.topology.simulation;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.DeliveryState;
import io.herald.schema.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What may become of a channel.
 *
 * @param due until when it waits; null: not foretold
 * @param addresses of the deliveries
 * @param digest the id of the digest that it went into; null: not foretold
 * @param then what the reference takes from it when it is so
 */
record Outcome(
        DeliveryState state,
        Reason reason,
        Instant due,
        Set<String> addresses,
        String digest,
        Consumer<ChannelVerdict> then) {
    @SuppressWarnings("UnnecessaryLambda") // It is compared with.
    private static final Consumer<ChannelVerdict> NOTHING = verdict -> {};

    static Outcome ends(DeliveryState state, Reason reason) {
        return new Outcome(state, reason, null, Set.of(), null, NOTHING);
    }

    static Outcome waits(Reason reason, Instant due, Consumer<ChannelVerdict> then) {
        return new Outcome(DeliveryState.WAITING, reason, due, Set.of(), null, then);
    }

    static Outcome digested(String digest, Consumer<ChannelVerdict> then) {
        return new Outcome(DeliveryState.SKIPPED, Reason.DIGESTED, null, Set.of(), digest, then);
    }

    static Outcome routed(Set<String> addresses) {
        return new Outcome(DeliveryState.ROUTED, null, null, addresses, null, NOTHING);
    }

    Outcome and(Runnable first) {
        return new Outcome(state, reason, due, addresses, digest, verdict -> {
            first.run();
            then.accept(verdict);
        });
    }

    /** Returns whether the verdicts on a channel say this. */
    boolean is(List<ChannelVerdict> verdicts) {
        ChannelVerdict first = verdicts.get(0);
        if (first.getState() != state || first.getReason() != reason) {
            return false;
        }
        if (state == DeliveryState.ROUTED) {
            return verdicts.stream()
                            .map(ChannelVerdict::getAddressId)
                            .collect(Collectors.toSet())
                            .equals(addresses)
                    && verdicts.size() == addresses.size();
        }
        return verdicts.size() == 1
                && (due == null || due.equals(first.getDueAt()))
                && (digest == null || digest.equals(first.getDetail()));
    }

    @Override
    public String toString() {
        return state + " " + reason + (due == null ? "" : " " + due) + (addresses.isEmpty() ? "" : " " + addresses)
                + (digest == null ? "" : " " + digest);
    }
}
