package io.herald.topology.content;

/** Shortens text for people: never inside a surrogate pair, and with a sign that something is missing. */
final class Shortening {
    private static final String ELLIPSIS = "…";

    private Shortening() {}

    /** Returns at most {@code most} code points of {@code text}, the last of them an ellipsis if any is missing. */
    static String toCodePoints(String text, int most) {
        if (text.length() <= most || text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, most - 1)) + ELLIPSIS;
    }
}
