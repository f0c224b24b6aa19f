package io.herald.topology.preferences;

import io.herald.schema.ActorBlock;
import io.herald.schema.Channel;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What users want, and how a change of it is taken in. */
public final class Preferences {
    /** The longest lists that a profile holds; what comes later is not taken in. */
    public static final int MOST = 1_000;

    private static final Comparator<OptOut> ORDER = Comparator.comparing(
                    OptOut::getCategory, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(OptOut::getChannel, Comparator.nullsFirst(Comparator.naturalOrder()));

    private Preferences() {}

    /**
     * Says why a user does not want a category on a channel, or nothing if they do; the most specific switch names it.
     */
    public static Optional<Reason> optedOut(Profile profile, String category, Channel channel) {
        Reason found = null;
        for (OptOut optOut : profile.getOptOuts()) {
            boolean concerns =
                    (optOut.getCategory() == null || optOut.getCategory().equals(category))
                            && (optOut.getChannel() == null || optOut.getChannel() == channel);
            if (concerns) {
                found = reason(optOut);
            }
        }
        return Optional.ofNullable(found);
    }

    /** Returns {@code profile} with {@code change} taken in; the profile given is not touched. */
    public static Profile apply(Profile profile, PreferenceChanged change) {
        Profile next = Profile.newBuilder(profile)
                .setVersion(profile.getVersion() + 1)
                .setOptOuts(optOuts(profile.getOptOuts(), change.getOptOuts()))
                .setBlockedActors(blocked(profile.getBlockedActors(), change.getBlockedActors()))
                .build();
        if (change.getLocale() != null) {
            next.setLocale(change.getLocale());
        }
        if (change.getDisplayName() != null) {
            next.setDisplayName(change.getDisplayName());
        }
        return next;
    }

    private static Reason reason(OptOut optOut) {
        if (optOut.getCategory() != null) {
            return Reason.CATEGORY_OPTED_OUT;
        }
        return optOut.getChannel() != null ? Reason.CHANNEL_OPTED_OUT : Reason.OPTED_OUT;
    }

    private static List<OptOut> optOuts(List<OptOut> present, List<OptOut> changes) {
        TreeSet<OptOut> next = new TreeSet<>(ORDER);
        next.addAll(present);
        for (OptOut change : changes) {
            if (!change.getOptedOut()) {
                next.remove(change);
            } else if (next.size() < MOST) {
                next.add(change);
            }
        }
        return new ArrayList<>(next);
    }

    private static List<String> blocked(List<String> present, List<ActorBlock> changes) {
        TreeSet<String> next = new TreeSet<>(present);
        for (ActorBlock change : changes) {
            if (!change.getBlocked()) {
                next.remove(change.getActor());
            } else if (next.size() < MOST) {
                next.add(change.getActor());
            }
        }
        return new ArrayList<>(next);
    }
}
