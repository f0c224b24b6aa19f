package io.herald.topology.simulation;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A notification whose channels are decided together: each by itself, and those of a failover order one by the other.
 */
final class Planned {
    /** Why a channel cannot serve, so that the next one has to. */
    static final Set<Reason> OUT_OF_REACH = EnumSet.of(
            Reason.NO_ADDRESS,
            Reason.SUPPRESSED,
            Reason.TOKEN_STALE,
            Reason.NO_TEMPLATE,
            Reason.CHANNEL_OPTED_OUT,
            Reason.IN_FLIGHT_LIMIT);

    private final Judge judge;
    private final Known known;
    private final RuleChanged terms;
    private final Decision decision;
    private final Map<Channel, List<ChannelVerdict>> verdicts;

    Planned(Judge judge, Known known, RuleChanged terms, Decision decision) {
        this.judge = judge;
        this.known = known;
        this.terms = terms;
        this.decision = decision;
        this.verdicts = byChannel(decision);
    }

    /** Returns a decision's verdicts by channel: a channel has one, or one for each address. */
    static Map<Channel, List<ChannelVerdict>> byChannel(Decision decision) {
        Map<Channel, List<ChannelVerdict>> verdicts = new LinkedHashMap<>();
        decision.getVerdicts()
                .forEach(verdict -> verdicts.computeIfAbsent(verdict.getChannel(), channel -> new ArrayList<>())
                        .add(verdict));
        return verdicts;
    }

    static boolean isOutOfReach(ChannelVerdict verdict) {
        return verdict.getState() == DeliveryState.SKIPPED && OUT_OF_REACH.contains(verdict.getReason());
    }

    static boolean isUnderWay(ChannelVerdict verdict) {
        return verdict.getState() == DeliveryState.ROUTED || verdict.getState() == DeliveryState.WAITING;
    }

    /** Returns in what the decision differs from what it should be; null: in nothing. */
    String differs() {
        List<Channel> planned = judge.planned();
        if (!verdicts.keySet().equals(Set.copyOf(planned))) {
            return "is decided on " + verdicts.keySet() + ", and planned on " + planned;
        }
        List<Channel> failover =
                terms.getFailover().stream().filter(planned::contains).toList();
        String differs = null;
        for (Channel channel : planned) {
            if (differs == null && failover.indexOf(channel) <= 0) {
                differs = differs(channel, judge.of(channel, null));
            }
        }
        for (int next = 1; next < failover.size() && differs == null; next++) {
            ChannelVerdict before = verdicts.get(failover.get(next - 1)).get(0);
            differs = differs(failover.get(next), behind(before, failover.get(next)));
        }
        return differs;
    }

    private List<Outcome> behind(ChannelVerdict before, Channel channel) {
        if (isOutOfReach(before)) {
            return judge.of(channel, null);
        }
        return isUnderWay(before)
                ? judge.failover(channel)
                : List.of(Outcome.ends(DeliveryState.SKIPPED, Reason.NOT_NEEDED));
    }

    private String differs(Channel channel, List<Outcome> outcomes) {
        List<ChannelVerdict> of = verdicts.get(channel);
        for (Outcome outcome : outcomes) {
            if (outcome.is(of)) {
                outcome.then().accept(of.get(0));
                if (channel == Channel.INBOX && outcome.state() == DeliveryState.ACCEPTED) {
                    known.seq = decision.getSeq();
                }
                return null;
            }
        }
        return "should be " + outcomes + " on " + channel + ", and is " + of;
    }
}
