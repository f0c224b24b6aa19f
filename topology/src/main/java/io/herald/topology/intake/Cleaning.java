package io.herald.topology.intake;

import java.util.regex.Pattern;

/**
 * Takes out of a text what no reader should ever get: NUL, which PostgreSQL refuses; control characters; controls that
 * turn the reading direction of what follows (Unicode TR 36 §2.10); and half surrogate pairs, which no encoder accepts.
 *
 * <p>Line feeds and tabs stay. Names written right to left need no direction controls and stay as they are; so do the
 * joiners and marks that scripts and emoji are made with.
 */
final class Cleaning {
    private static final Pattern UNWANTED =
            Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|[\\u202A-\\u202E\\u2066-\\u2069\\uFFFE\\uFFFF]|\\p{Cs}");

    private Cleaning() {}

    /** Returns {@code text} without the unwanted characters. Cleaning twice changes nothing more. */
    static String clean(String text) {
        return isBeyondDoubt(text) ? text : UNWANTED.matcher(text).replaceAll("");
    }

    /** Returns whether {@code text} holds nothing that {@link #clean} takes out, and no line feed or tab. */
    static boolean isPlain(String text) {
        boolean clean = isBeyondDoubt(text) || !UNWANTED.matcher(text).find();
        return clean && text.indexOf('\n') < 0 && text.indexOf('\t') < 0;
    }

    // Nearly every text is, and every text of every event is looked at. The pattern decides about the others, also
    // about whole surrogate pairs.
    private static boolean isBeyondDoubt(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            boolean printed = (character >= ' ' && character < 0x7F)
                    || (character >= 0xA0 && character < 0x202A)
                    || (character >= 0x2070 && character < Character.MIN_SURROGATE);
            if (!printed && character != '\n' && character != '\t') {
                return false;
            }
        }
        return true;
    }
}
