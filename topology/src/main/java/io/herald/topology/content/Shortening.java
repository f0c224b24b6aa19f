package io.herald.topology.content;

/**
 * Shortens text for people, with a sign that something is missing: never inside a surrogate pair, nor inside what is
 * seen as one character, such as a letter with its accents, a flag, or a family.
 */
final class Shortening {
    private static final String ELLIPSIS = "…";
    private static final int ELLIPSIS_BYTES = 3;
    /** How far a cut goes back for the beginning of a character; there are texts that are one accent after another. */
    private static final int MOST_JOINED = 32;

    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /**
     * What belongs to the character before it, from and to, ascending: accents and marks, variation selectors, skin
     * tones, tags. Written down here and not asked of the platform: that knows other characters in each version, and
     * two of them would cut the same text at two places.
     */
    private static final int[] JOINING = {
        0x0300,
        0x036F, // combining diacritical marks
        0x0483,
        0x0489, // Cyrillic
        0x0591,
        0x05BD, // Hebrew points
        0x05BF,
        0x05C7,
        0x0610,
        0x061A, // Arabic marks
        0x064B,
        0x065F,
        0x0670,
        0x0670,
        0x06D6,
        0x06DC,
        0x0900,
        0x0903, // Devanagari signs
        0x093A,
        0x093C,
        0x093E,
        0x094F,
        0x0981,
        0x0983, // Bengali
        0x09BC,
        0x09CD,
        0x0E31,
        0x0E31, // Thai
        0x0E34,
        0x0E3A,
        0x0E47,
        0x0E4E,
        0x1AB0,
        0x1AFF, // combining diacritical marks extended
        0x1DC0,
        0x1DFF, // and supplement
        ZERO_WIDTH_JOINER,
        ZERO_WIDTH_JOINER,
        0x20D0,
        0x20FF, // for symbols: keycaps are one of them
        0x302A,
        0x302F, // ideographic tone marks
        0x3099,
        0x309A, // kana voicing
        0xFE00,
        0xFE0F, // variation selectors
        0xFE20,
        0xFE2F, // combining half marks
        0x1F3FB,
        0x1F3FF, // skin tones
        0xE0020,
        0xE007F, // tags, of which some flags are made
        0xE0100,
        0xE01EF, // variation selectors supplement
    };

    private Shortening() {}

    /** Returns at most {@code most} code points of {@code text}, the last of them an ellipsis if any is missing. */
    static String toCodePoints(String text, int most) {
        if (text.length() <= most || text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return cut(text, text.offsetByCodePoints(0, most - 1));
    }

    /**
     * Returns {@code text}, or as much of it as takes at most {@code most} bytes as JSON in UTF-8, the quotes around it
     * not counted; it ends in an ellipsis if any is missing. Not even that is left where it does not fit.
     */
    static String toJsonBytes(String text, int most) {
        // No character takes more than six.
        if (text.length() <= most / 6 || jsonBytes(text) <= most) {
            return text;
        }
        if (most < ELLIPSIS_BYTES) {
            return "";
        }
        int end = 0;
        int bytes = ELLIPSIS_BYTES;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            bytes += jsonBytes(character);
            if (bytes > most) {
                break;
            }
            end += Character.charCount(character);
        }
        return cut(text, end);
    }

    /** Counts the bytes of a text in JSON that escapes what it must; line separators, which some escape, as escaped. */
    static int jsonBytes(String text) {
        return text.codePoints().map(Shortening::jsonBytes).sum();
    }

    private static int jsonBytes(int character) {
        if (character < 0x20) {
            return isShortEscape(character) ? 2 : 6;
        }
        if (character < 0x80) {
            return character == '"' || character == '\\' ? 2 : 1;
        }
        if (character < 0x800) {
            return 2;
        }
        if (character < 0x10000) {
            boolean escapedBySome = character == 0x2028 || character == 0x2029 || isSurrogate(character);
            return escapedBySome ? 6 : 3;
        }
        return 4;
    }

    private static boolean isShortEscape(int character) {
        return character == '\b' || character == '\t' || character == '\n' || character == '\f' || character == '\r';
    }

    private static boolean isSurrogate(int character) {
        return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    }

    private static String cut(String text, int latest) {
        int end = latest;
        for (int back = 0; back < MOST_JOINED && isInside(text, end); back++) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, isInside(text, end) ? latest : end) + ELLIPSIS;
    }

    /** Whether a cut at {@code index} would part what is one character to the eye. */
    private static boolean isInside(String text, int index) {
        if (index == 0 || index == text.length()) {
            return false;
        }
        int after = text.codePointAt(index);
        int before = text.codePointBefore(index);
        return isJoining(after)
                || before == ZERO_WIDTH_JOINER
                || (isFlagHalf(before) && isFlagHalf(after) && isOdd(flagHalvesBefore(text, index)));
    }

    private static boolean isJoining(int character) {
        for (int range = 0; range < JOINING.length && JOINING[range] <= character; range += 2) {
            if (character <= JOINING[range + 1]) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFlagHalf(int character) {
        return character >= 0x1F1E6 && character <= 0x1F1FF;
    }

    private static int flagHalvesBefore(String text, int index) {
        int halves = 0;
        for (int at = index; at > 0 && isFlagHalf(text.codePointBefore(at)); at -= 2) {
            halves++;
        }
        return halves;
    }

    private static boolean isOdd(int number) {
        return (number & 1) == 1;
    }
}
