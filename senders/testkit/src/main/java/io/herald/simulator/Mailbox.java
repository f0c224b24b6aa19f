package io.herald.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recipient as in a To header: RFC 5322's mailbox, with RFC 2047's encoded words in its name.
 *
 * @param name display name, decoded; empty if there is none
 */
record Mailbox(String name, String address) {
    private static final Pattern ANGLED = Pattern.compile("\\s*(.*?)\\s*<([^<>]*)>\\s*");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ATOMS = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\- ]*");
    private static final Pattern ENCODED =
            Pattern.compile("=\\?([Uu][Tt][Ff]-8)\\?([BbQq])\\?([!->@-~]*)\\?=(?:\\s+(?==\\?))?");
    private static final int LONGEST_ENCODED_WORD = 75;
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.)*[A-Za-z0-9-]{1,63}");

    /** Returns the mailbox in {@code text}, or nothing if a mail server would refuse it. */
    static Optional<Mailbox> parse(String text) {
        Matcher angled = ANGLED.matcher(text);
        String phrase = angled.matches() ? angled.group(1) : "";
        String address = angled.matches() ? angled.group(2) : text;
        if (!ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        Matcher quoted = QUOTED.matcher(phrase);
        if (quoted.matches()) {
            String name = quoted.group(1).replaceAll("\\\\(.)", "$1");
            boolean plain = name.chars().allMatch(c -> c >= ' ' && c < 0x7f);
            return plain ? Optional.of(new Mailbox(name, address)) : Optional.empty();
        }
        if (phrase.startsWith("=?")) {
            return decoded(phrase).map(name -> new Mailbox(name, address));
        }
        return ATOMS.matcher(phrase).matches() ? Optional.of(new Mailbox(phrase, address)) : Optional.empty();
    }

    String domain() {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    private static Optional<String> decoded(String phrase) {
        StringBuilder name = new StringBuilder();
        Matcher word = ENCODED.matcher(phrase);
        int end = 0;
        while (word.find()) {
            if (word.start() != end || word.group().strip().length() > LONGEST_ENCODED_WORD) {
                return Optional.empty();
            }
            end = word.end();
            byte[] bytes = word.group(2).equalsIgnoreCase("B")
                    ? Base64.getDecoder().decode(word.group(3))
                    : unquoted(word.group(3));
            // Each word stands alone: a character split over two of them is lost, here as in mail programs.
            name.append(new String(bytes, UTF_8));
        }
        return end == phrase.length() ? Optional.of(name.toString()) : Optional.empty();
    }

    private static byte[] unquoted(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] all = text.getBytes(US_ASCII);
        for (int i = 0; i < all.length; i++) {
            if (all[i] == '=' && i + 2 < all.length) {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(all[i] == '_' ? ' ' : all[i]);
            }
        }
        return bytes.toByteArray();
    }
}
