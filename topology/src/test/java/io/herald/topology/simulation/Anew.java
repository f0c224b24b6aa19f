package io.herald.topology.simulation;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.Gate;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import io.herald.schema.Transition;
import io.herald.topology.guarantee.History;
import io.herald.topology.guarantee.Person;
import io.herald.topology.guarantee.Silence;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.Optional;

/** What must become of a delivery that is decided anew: whatever has happened since wins. */
final class Anew {
    private final History history;
    private final Inboxes inboxes;

    Anew(History history, Inboxes inboxes) {
        this.history = history;
        this.inboxes = inboxes;
    }

    /**
     * Returns what a delivery should have become; null: it did.
     *
     * @param cause why it is decided anew, which the ledger says when it is sent again
     */
    String differs(Transition moved, Known known, Known.Out out, Reason cause) {
        History.Version rule = history.rule(known.user, known.notification.getCategory());
        String should = of(known, out, rule.terms(), cause);
        String is = moved.getState() + " " + moved.getReason()
                + (moved.getState() == DeliveryState.WAITING ? " " + moved.getDueAt() : "");
        return should.equals(is) ? null : should;
    }

    private String of(Known known, Known.Out out, RuleChanged terms, Reason cause) {
        Delivery last = out.last;
        Instant now = history.now();
        if (!last.getExpiresAt().isAfter(now)) {
            return "EXPIRED " + Reason.PAST_EXPIRY;
        }
        if (known.stopped != null) {
            return "CANCELLED " + known.stopped;
        }
        if (Wakes.isCalledOff(known.notification, history)) {
            return "CANCELLED " + Reason.BROADCAST_CANCELLED;
        }
        Optional<Reason> unwanted =
                new Judge(history, new Buckets(), new HandOuts(), known, terms).unwanted(out.channel);
        if (unwanted.isPresent()) {
            return "CANCELLED " + unwanted.get();
        }
        if (inboxes.isDone(known.user, last.getSeq())) {
            return "CANCELLED " + Reason.READ_ELSEWHERE;
        }
        Optional<Reason> gone = gone(known, out);
        if (gone.isPresent()) {
            return "CANCELLED " + gone.get();
        }
        Optional<Silence> silence = terms.getPasses().contains(Gate.QUIET_HOURS)
                ? Optional.empty()
                : history.person(known.user).silence(out.channel, now);
        return silence.map(quiet -> "WAITING " + quiet.reason() + " "
                        + (quiet.until().isBefore(last.getExpiresAt()) ? quiet.until() : last.getExpiresAt()))
                .orElse("ROUTED " + cause);
    }

    private Optional<Reason> gone(Known known, Known.Out out) {
        Person person = history.person(known.user);
        String id = out.last.getAddressId();
        if (out.channel == Channel.PUSH) {
            boolean there = person.devices().stream()
                    .anyMatch(device -> device.getDevice().equals(id));
            return there ? Optional.empty() : Optional.of(Reason.ADDRESS_CHANGED);
        }
        return person.contacts(out.channel).stream()
                .filter(contact ->
                        Ids.address(known.user.tenant(), contact.getAddress()).equals(id))
                .findFirst()
                .map(contact ->
                        person.usable(out.channel, out.last.getMarketing()).contains(contact)
                                ? Optional.<Reason>empty()
                                : Optional.of(Reason.SUPPRESSED))
                .orElse(Optional.of(Reason.ADDRESS_CHANGED));
    }
}
