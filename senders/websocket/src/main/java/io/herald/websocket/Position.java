package io.herald.websocket;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of its inbox a client has, as it says itself: in text {@code seq}, {@code seq.version} or
 * {@code seq.version.epoch}.
 *
 * @param seq it has every item up to this one; 0: none
 * @param version it has every mark up to this version of the inbox; 0: none
 * @param epoch the epoch of the inbox that this was of, or null where it does not know
 */
record Position(long seq, long version, Integer epoch) {
    /** What a text that says none is told. */
    static final String RULE = "Must be of the form seq.version.epoch.";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})(?:\\.(\\d{1,18})(?:\\.(\\d{1,9}))?)?");

    /** Returns the position that {@code text} says, or null where it says none. */
    static Position parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        String version = parts.group(2);
        String epoch = parts.group(3);
        return new Position(
                Long.parseLong(parts.group(1)),
                version == null ? 0 : Long.parseLong(version),
                epoch == null ? null : Integer.valueOf(epoch));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return seq + "." + version + (epoch == null ? "" : "." + epoch);
    }
}
