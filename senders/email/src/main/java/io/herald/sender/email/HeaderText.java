package io.herald.sender.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text that goes into mail headers: nothing in it may end a line, hide an address, or start another header. */
final class HeaderText {
    private static final int LONGEST_NAME = 100;
    /** RFC 2047 allows 75 characters; less {@code =?UTF-8?B?} and {@code ?=}, this many bytes fit in base64. */
    private static final int WORD_BYTES = 45;
    /** Control characters, line and paragraph separators, and what overrides the direction of all that follows. */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

    private static final Pattern LOCAL_PART = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}");
    private static final Pattern DOMAIN = Pattern.compile("(?:[A-Za-z0-9-]{1,63}\\.)*[A-Za-z0-9-]{1,63}");
    private static final int LONGEST_DOMAIN = 255;

    private HeaderText() {}

    /** Returns {@code text} in one line: what is unsafe in it becomes a space. */
    static String line(String text) {
        return UNSAFE.matcher(text).replaceAll(" ").strip();
    }

    /**
     * Returns a mailbox as a To header has it: {@code "Ann O'Neil" <ann@example.com>}, with RFC 2047's encoded words
     * where the name needs them.
     *
     * @param name display name; null or empty for none
     * @param address as {@link #address} returns it
     */
    static String mailbox(String name, String address) {
        String safe = name == null ? "" : line(name);
        if (safe.isEmpty()) {
            return address;
        }
        if (safe.codePointCount(0, safe.length()) > LONGEST_NAME) {
            safe = safe.substring(0, safe.offsetByCodePoints(0, LONGEST_NAME));
        }
        boolean ascii = safe.chars().allMatch(c -> c < 0x7f);
        String phrase = ascii ? "\"" + safe.replaceAll("([\"\\\\])", "\\\\$1") + "\"" : encoded(safe);
        return phrase + " <" + address + ">";
    }

    /**
     * Returns an address with its domain in ASCII; nothing if SES would refuse it, or if it is more than one address.
     * SES takes no local parts beyond ASCII.
     */
    static Optional<String> address(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0 || !LOCAL_PART.matcher(text.substring(0, at)).matches()) {
            return Optional.empty();
        }
        try {
            String domain = IDN.toASCII(text.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
            return domain.length() <= LONGEST_DOMAIN && DOMAIN.matcher(domain).matches()
                    ? Optional.of(text.substring(0, at) + "@" + domain)
                    : Optional.empty();
        } catch (IllegalArgumentException noDomain) {
            return Optional.empty();
        }
    }

    /** Cuts between characters only: each word is decoded alone. */
    private static String encoded(String text) {
        StringBuilder words = new StringBuilder();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            String character = Character.toString(text.codePointAt(i));
            int more = character.getBytes(UTF_8).length;
            if (bytes + more > WORD_BYTES) {
                append(words, word);
                word.setLength(0);
                bytes = 0;
            }
            word.append(character);
            bytes += more;
        }
        append(words, word);
        return words.toString();
    }

    private static void append(StringBuilder words, CharSequence word) {
        String base64 = Base64.getEncoder().encodeToString(word.toString().getBytes(UTF_8));
        words.append(words.isEmpty() ? "" : " ")
                .append("=?UTF-8?B?")
                .append(base64)
                .append("?=");
    }
}
