package io.herald.topology.intake;

import java.util.regex.Pattern;

/** Lets tables of tests write down what cannot be seen: a backslash and n, 0, or u and four digits. */
final class Escapes {
    private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9A-F]{4})");

    private Escapes() {}

    static String read(String written) {
        return written == null
                ? null
                : UNICODE.matcher(written)
                        .replaceAll(match -> String.valueOf((char) Integer.parseInt(match.group(1), 16)))
                        .translateEscapes();
    }
}
