package io.herald.topology.simulation;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.topology.guarantee.History;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A list of everything that went out, by which caps are counted. */
final class HandOuts {
    private final List<HandOut> all = new ArrayList<>();

    private record HandOut(UserKey user, String category, Channel channel, Instant at) {}

    void add(UserKey user, String category, Channel channel, Instant at) {
        all.add(new HandOut(user, category, channel, at));
    }

    static boolean counts(Cap cap, Channel channel) {
        return cap.getChannel() == null ? channel != Channel.INBOX : cap.getChannel() == channel;
    }

    /** Returns whether a cap of a rule, or of the user, is exceeded even if it only counts what it surely does. */
    boolean surely(UserKey user, Cap cap, boolean ofRule, String category, History history) {
        Instant set = ofRule ? history.rulesSince(user.tenant(), category) : history.capsSince(user);
        return count(user, cap, isAcross(cap, ofRule) ? null : category, set, history.now()) >= cap.getMost();
    }

    /** Returns whether it is exceeded if it counts whatever went out, also before it was set. */
    boolean maybe(UserKey user, Cap cap, boolean ofRule, String category, History history) {
        return count(user, cap, isAcross(cap, ofRule) ? null : category, Instant.EPOCH, history.now()) >= cap.getMost();
    }

    // Rules count their own category, users all of them; unless they say otherwise.
    private static boolean isAcross(Cap cap, boolean ofRule) {
        return cap.getAcrossCategories() == null ? !ofRule : cap.getAcrossCategories();
    }

    private long count(UserKey user, Cap cap, String category, Instant since, Instant now) {
        Instant start = now.minusMillis(cap.getWindowMs());
        return all.stream()
                .filter(out -> out.user().equals(user) && counts(cap, out.channel()))
                .filter(out -> category == null || out.category().equals(category))
                .filter(out -> out.at().isAfter(start) && out.at().isAfter(since))
                .count();
    }
}
