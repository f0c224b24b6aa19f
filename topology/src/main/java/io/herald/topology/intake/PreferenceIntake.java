package io.herald.topology.intake;

import io.herald.schema.ActorBlock;
import io.herald.schema.Attribute;
import io.herald.schema.DigestPreference;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.QuietWindow;
import io.herald.wire.UserKey;
import java.util.List;

/** Checks what users set for themselves. Pure. */
final class PreferenceIntake {
    private static final int MOST_QUIET_WINDOWS = 21;
    private static final int MOST_DIGESTS = 100;
    private static final int MOST_ATTRIBUTES = 100;

    private PreferenceIntake() {}

    static Intake.Letter preference(PreferenceChanged change) {
        UserKey user = Intake.user(change.getTenant(), change.getUser());
        change.setLocale(Fields.locale("locale", change.getLocale()));
        change.setDisplayName(Fields.line("displayName", change.getDisplayName(), 200));
        for (OptOut optOut : Fields.atMost("optOuts", change.getOptOuts(), 1_000)) {
            Fields.optionalWord("optOuts.category", optOut.getCategory());
            Fields.optionalPath("optOuts.topic", optOut.getTopic());
            Fields.optionalName("optOuts.object", optOut.getObject(), 128);
        }
        for (ActorBlock block : Fields.atMost("blockedActors", change.getBlockedActors(), 1_000)) {
            Fields.name("blockedActors.actor", block.getActor(), 128);
        }
        Fields.zone("zone", change.getZone());
        if (change.getQuietHours() != null) {
            change.setQuietHours(quietHours(change.getQuietHours()));
        }
        digests(change.getDigests());
        if (change.getCaps() != null) {
            RuleIntake.caps(change.getCaps());
        }
        for (Attribute attribute : Fields.atMost("attributes", change.getAttributes(), MOST_ATTRIBUTES)) {
            Fields.word("attributes.name", attribute.getName());
            Fields.optionalName("attributes.value", attribute.getValue(), 128);
        }
        return new Intake.Letter(user, change);
    }

    // Days and channels are sets: in one order, each once, so that they are bounded.
    private static List<QuietWindow> quietHours(List<QuietWindow> windows) {
        return Fields.atMost("quietHours", windows, MOST_QUIET_WINDOWS).stream()
                .map(window -> {
                    Fields.within("quietHours.startMinute", window.getStartMinute(), 0, Fields.LAST_MINUTE_OF_DAY);
                    Fields.within("quietHours.endMinute", window.getEndMinute(), 0, Fields.LAST_MINUTE_OF_DAY);
                    return QuietWindow.newBuilder(window)
                            .setDays(window.getDays().stream()
                                    .distinct()
                                    .sorted()
                                    .toList())
                            .setChannels(window.getChannels().stream()
                                    .distinct()
                                    .sorted()
                                    .toList())
                            .build();
                })
                .toList();
    }

    private static void digests(List<DigestPreference> digests) {
        for (DigestPreference digest : Fields.atMost("digests", digests, MOST_DIGESTS)) {
            Fields.optionalWord("digests.category", digest.getCategory());
            Fields.minute("digests.minute", digest.getMinute(), digest.getFrequency());
        }
    }
}
