package io.herald.sender.sms;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where messages may go, by the beginning of a number in E.164 form; the longest beginning that is listed decides. So
 * +1 may be allowed but for the islands that share it, and premium ranges be left out of a country. Pure.
 */
final class Countries {
    private static final Pattern ENTRY = Pattern.compile("!?\\+[1-9]\\d{0,13}");

    private final Map<String, Boolean> allowed = new HashMap<>();
    private final int longest;

    /**
     * Reads a list.
     *
     * @param entries such as +49; one with ! before it is not allowed
     * @throws IllegalArgumentException if one is of another form, or listed twice
     */
    Countries(List<String> entries) {
        int most = 0;
        for (String entry : entries) {
            if (!ENTRY.matcher(entry).matches()) {
                throw new IllegalArgumentException("not of the form +49 or !+49: " + entry);
            }
            boolean refused = entry.startsWith("!");
            String prefix = entry.substring(refused ? 2 : 1);
            if (allowed.put(prefix, !refused) != null) {
                throw new IllegalArgumentException("listed twice: " + entry);
            }
            most = Math.max(most, prefix.length());
        }
        this.longest = most;
    }

    /** Returns whether messages may go to {@code number}, in E.164 form. */
    boolean allows(String number) {
        for (int digits = Math.min(longest, number.length() - 1); digits > 0; digits--) {
            Boolean listed = allowed.get(number.substring(1, digits + 1));
            if (listed != null) {
                return listed;
            }
        }
        return false;
    }
}
