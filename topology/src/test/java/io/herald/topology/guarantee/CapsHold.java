package io.herald.topology.guarantee;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.Gate;
import io.herald.schema.LedgerEntry;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * No sliding window has more hand-outs in it than a cap allows: one is one notification on one channel. A cap counts
 * from when it was set.
 */
public final class CapsHold implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();
    private final Map<UserKey, List<HandOut>> handOuts = new HashMap<>();

    CapsHold(History history) {
        this.history = history;
    }

    /** A notification that went out on a channel. */
    public record HandOut(String category, Channel channel, Instant at) {}

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.LEDGER) || !(((LedgerEntry) value).getBody() instanceof Decision decision)) {
            return;
        }
        LedgerEntry entry = (LedgerEntry) value;
        UserKey user = new UserKey(entry.getTenant(), entry.getUser());
        Set<Channel> out = new HashSet<>();
        for (ChannelVerdict verdict : decision.getVerdicts()) {
            boolean sent = verdict.getState() == DeliveryState.ROUTED || verdict.getState() == DeliveryState.ACCEPTED;
            if (sent && out.add(verdict.getChannel())) {
                hold(user, decision.getCategory(), verdict.getChannel());
                handOuts.computeIfAbsent(user, name -> new ArrayList<>())
                        .add(new HandOut(decision.getCategory(), verdict.getChannel(), history.now()));
            }
        }
    }

    private void hold(UserKey user, String category, Channel channel) {
        History.Version rule = history.rule(user, category);
        if (rule.passes(Gate.CAP)) {
            return;
        }
        Person person = history.person(user);
        for (Cap cap : person.caps()) {
            boolean across = !Boolean.FALSE.equals(cap.getAcrossCategories());
            hold(user, cap, across, category, channel, history.capsSince(user));
        }
        for (Cap cap : rule.terms().getCaps()) {
            boolean across = Boolean.TRUE.equals(cap.getAcrossCategories());
            hold(user, cap, across, category, channel, history.rulesSince(user.tenant(), category));
        }
    }

    private void hold(UserKey user, Cap cap, boolean across, String category, Channel channel, Instant since) {
        if (counts(cap, channel)) {
            long within = counted(user, cap, across, category, since);
            faults.unless(
                    within < cap.getMost(),
                    user + " got " + category + " on " + channel + " though " + cap + " had " + within);
        }
    }

    private long counted(UserKey user, Cap cap, boolean across, String category, Instant since) {
        Instant start = history.now().minusMillis(cap.getWindowMs());
        return handOuts.getOrDefault(user, List.of()).stream()
                .filter(out -> out.at().isAfter(start) && out.at().isAfter(since))
                .filter(out -> across || out.category().equals(category))
                .filter(out -> counts(cap, out.channel()))
                .count();
    }

    private static boolean counts(Cap cap, Channel channel) {
        return cap.getChannel() == null ? channel != Channel.INBOX : cap.getChannel() == channel;
    }

    @Override
    public void check() {
        faults.check();
    }
}
