package io.herald.topology.story;

import static io.herald.topology.testing.HeraldDriver.only;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Reason;
import io.herald.topology.testing.HeraldDriver;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the ledger as one asks it: what became of this event on this channel. */
final class Ledger {
    private final HeraldDriver herald;

    Ledger(HeraldDriver herald) {
        this.herald = herald;
    }

    /** What was said about a channel: the state, and why. */
    record Said(DeliveryState state, Reason reason) {}

    /** Returns all that was decided about an event's channel for a user, in order. */
    List<Said> of(String eventId, String user, Channel channel) {
        return decisions(eventId, user)
                .flatMap(decision -> decision.getVerdicts().stream())
                .filter(verdict -> verdict.getChannel() == channel)
                .map(Ledger::said)
                .toList();
    }

    /** Returns why an event was not decided channel by channel. */
    List<Reason> reasons(String eventId) {
        return herald.ledger().stream()
                .map(entry -> entry.getBody())
                .filter(Decision.class::isInstance)
                .map(Decision.class::cast)
                .filter(decision -> decision.getEventId().equals(eventId) && decision.getReason() != null)
                .map(Decision::getReason)
                .toList();
    }

    /** Returns the id of the only digest that an event left. */
    String left(String eventId, String user) {
        return only(decisions(eventId, user)
                .map(Decision::getDigest)
                .filter(Objects::nonNull)
                .toList());
    }

    /** Returns the id of the only digest that an event went into on a channel. */
    String digest(String eventId, String user, Channel channel) {
        return only(decisions(eventId, user)
                .flatMap(decision -> decision.getVerdicts().stream())
                .filter(verdict -> verdict.getChannel() == channel && verdict.getReason() == Reason.DIGESTED)
                .map(ChannelVerdict::getDetail)
                .toList());
    }

    private Stream<Decision> decisions(String eventId, String user) {
        return herald.ledger().stream()
                .filter(entry -> entry.getUser().equals(user))
                .map(LedgerEntry::getBody)
                .filter(Decision.class::isInstance)
                .map(Decision.class::cast)
                .filter(decision -> decision.getEventId().equals(eventId));
    }

    static Said waiting(Reason reason) {
        return new Said(DeliveryState.WAITING, reason);
    }

    static Said routed() {
        return new Said(DeliveryState.ROUTED, null);
    }

    static Said skipped(Reason reason) {
        return new Said(DeliveryState.SKIPPED, reason);
    }

    static Said cancelled(Reason reason) {
        return new Said(DeliveryState.CANCELLED, reason);
    }

    private static Said said(ChannelVerdict verdict) {
        return new Said(verdict.getState(), verdict.getReason());
    }
}
