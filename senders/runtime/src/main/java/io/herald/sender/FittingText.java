package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shortens a text until what is made of it fits. */
public final class FittingText {
    private static final String MORE = "…";
    /** An extended grapheme cluster (UAX 29): Java 17's BreakIterator takes an emoji of several parts to pieces. */
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private FittingText() {}

    /**
     * Returns what {@code payload} makes of {@code text}, or of its longest beginning that fits, with an ellipsis
     * behind it. Cuts between what people take for characters, so that no emoji or accent comes apart.
     *
     * @param mostBytes of the result, in UTF-8
     * @param payload makes a longer result of a longer text; called some fifteen times if the whole is too long
     * @return longer than {@code mostBytes} if it would be so without any text
     */
    public static String fit(String text, int mostBytes, UnaryOperator<String> payload) {
        String whole = payload.apply(text);
        if (bytes(whole) <= mostBytes) {
            return whole;
        }
        List<Integer> ends = ends(text);
        String longest = payload.apply(MORE);
        int low = 0;
        int high = ends.size() - 1;
        while (low <= high) {
            int middle = (low + high) / 2;
            String shorter = payload.apply(text.substring(0, ends.get(middle)) + MORE);
            if (bytes(shorter) <= mostBytes) {
                longest = shorter;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return longest;
    }

    private static List<Integer> ends(String text) {
        Matcher characters = CHARACTER.matcher(text);
        List<Integer> ends = new ArrayList<>();
        while (characters.find()) {
            ends.add(characters.end());
        }
        return ends;
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
