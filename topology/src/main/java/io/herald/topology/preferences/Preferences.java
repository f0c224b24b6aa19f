package io.herald.topology.preferences;

import io.herald.schema.ActorBlock;
import io.herald.schema.Attribute;
import io.herald.schema.Channel;
import io.herald.schema.DigestPreference;
import io.herald.schema.Frequency;
import io.herald.schema.OptOut;
import io.herald.schema.Pair;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What users want, and how a change of it is taken in. */
public final class Preferences {
    /** The longest lists that a profile holds; what comes later is not taken in. */
    public static final int MOST = 1_000;

    /** The most digest settings and the most attributes that a profile holds. */
    public static final int MOST_SETTINGS = 100;

    private static final Comparator<String> ANY_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());
    private static final Comparator<OptOut> ORDER = Comparator.comparing(OptOut::getCategory, ANY_FIRST)
            .thenComparing(OptOut::getChannel, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(OptOut::getTopic, ANY_FIRST)
            .thenComparing(OptOut::getObject, ANY_FIRST);

    private Preferences() {}

    /**
     * Says why a user does not want an event of a category on a channel, or nothing if they do. The most specific
     * switch names the reason: one about the object, then the topic, the category, the channel.
     *
     * @param topic that it was published to, or null; a switch for a topic also stands for those below it
     * @param object that it is about, or null
     */
    public static Optional<Reason> optedOut(
            Profile profile, String category, Channel channel, String topic, String object) {
        Specificity found = null;
        for (OptOut optOut : profile.getOptOuts()) {
            boolean concerns =
                    (optOut.getCategory() == null || optOut.getCategory().equals(category))
                            && (optOut.getChannel() == null || optOut.getChannel() == channel)
                            && (optOut.getTopic() == null || isWithin(topic, optOut.getTopic()))
                            && (optOut.getObject() == null || optOut.getObject().equals(object));
            if (concerns) {
                Specificity specificity = Specificity.of(optOut);
                found = found == null || specificity.compareTo(found) > 0 ? specificity : found;
            }
        }
        return Optional.ofNullable(found).map(specificity -> specificity.reason);
    }

    /** Returns {@code profile} with {@code change} taken in; the profile given is not touched. */
    public static Profile apply(Profile profile, PreferenceChanged change) {
        Profile next = Profile.newBuilder(profile)
                .setVersion(profile.getVersion() + 1)
                .setOptOuts(optOuts(profile.getOptOuts(), change.getOptOuts()))
                .setBlockedActors(blocked(profile.getBlockedActors(), change.getBlockedActors()))
                .setDigests(digests(profile.getDigests(), change.getDigests()))
                .setAttributes(attributes(profile.getAttributes(), change.getAttributes()))
                .build();
        if (change.getLocale() != null) {
            next.setLocale(change.getLocale());
        }
        if (change.getDisplayName() != null) {
            next.setDisplayName(change.getDisplayName());
        }
        if (change.getZone() != null) {
            next.setZone(change.getZone());
        }
        if (change.getQuietHours() != null) {
            next.setQuietHours(List.copyOf(change.getQuietHours()));
        }
        if (change.getDoNotDisturbUntil() != null) {
            next.setDoNotDisturbUntil(change.getDoNotDisturbUntil());
        }
        if (change.getCaps() != null) {
            next.setCaps(List.copyOf(change.getCaps()));
        }
        return next;
    }

    private static boolean isWithin(String topic, String switched) {
        return topic != null
                && topic.startsWith(switched)
                && (topic.length() == switched.length() || topic.charAt(switched.length()) == '/');
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

    private static List<DigestPreference> digests(List<DigestPreference> present, List<DigestPreference> changes) {
        TreeMap<String, DigestPreference> next = new TreeMap<>(ANY_FIRST);
        present.forEach(digest -> next.put(digest.getCategory(), digest));
        for (DigestPreference change : changes) {
            // The rule's own frequency is what counts without any setting; for one category it goes before another
            // setting for all, and so has to be kept.
            if (change.getCategory() == null && change.getFrequency() == Frequency.WINDOW) {
                next.remove(null);
            } else if (next.size() < MOST_SETTINGS || next.containsKey(change.getCategory())) {
                next.put(change.getCategory(), change);
            }
        }
        return new ArrayList<>(next.values());
    }

    private static List<Pair> attributes(List<Pair> present, List<Attribute> changes) {
        TreeMap<String, Pair> next = new TreeMap<>();
        present.forEach(pair -> next.put(pair.getName(), pair));
        for (Attribute change : changes) {
            if (change.getValue() == null) {
                next.remove(change.getName());
            } else if (next.size() < MOST_SETTINGS || next.containsKey(change.getName())) {
                next.put(change.getName(), new Pair(change.getName(), change.getValue()));
            }
        }
        return new ArrayList<>(next.values());
    }

    /** What a switch is about, the least specific first. */
    private enum Specificity {
        ALL(Reason.OPTED_OUT),
        CHANNEL(Reason.CHANNEL_OPTED_OUT),
        CATEGORY(Reason.CATEGORY_OPTED_OUT),
        TOPIC(Reason.TOPIC_OPTED_OUT),
        OBJECT(Reason.MUTED);

        private final Reason reason;

        Specificity(Reason reason) {
            this.reason = reason;
        }

        private static Specificity of(OptOut optOut) {
            if (optOut.getObject() != null) {
                return OBJECT;
            }
            if (optOut.getTopic() != null) {
                return TOPIC;
            }
            if (optOut.getCategory() != null) {
                return CATEGORY;
            }
            return optOut.getChannel() != null ? CHANNEL : ALL;
        }
    }
}
