package io.herald.sender.sms;

import java.util.ArrayList;
import java.util.List;

/**
 * How a text travels as SMS (3GPP TS 23.038 and 23.040): in the alphabet of 7 bits if that has all of its characters,
 * 160 to a message, or 153 to each of several; else in UCS-2, 70 or 67. A character that takes two units never lies
 * across two segments. Pure.
 *
 * @param encoding of all segments: one character beyond the 7-bit alphabet changes it for the whole text
 * @param parts what is in each segment; none for an empty text
 */
record Segments(Encoding encoding, List<String> parts) {
    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    /** Each is sent as an escape and another character. */
    private static final String EXTENSION = "\f^{}\\[~]|€";

    /** How characters become units, and how many of these a segment holds. */
    enum Encoding {
        GSM_7(160, 153),
        UCS_2(70, 67);

        private final int alone;
        private final int joined;

        Encoding(int alone, int joined) {
            this.alone = alone;
            this.joined = joined;
        }

        /** Returns how many units a segment holds: fewer where it has to say which of several it is. */
        int most(boolean single) {
            return single ? alone : joined;
        }

        private int units(int codePoint) {
            return switch (this) {
                case GSM_7 -> EXTENSION.indexOf(codePoint) < 0 ? 1 : 2;
                case UCS_2 -> Character.charCount(codePoint);
            };
        }

        /** Returns how many units {@code text} takes: septets, or UTF-16 units. */
        int units(String text) {
            return text.codePoints().map(this::units).sum();
        }
    }

    /** Returns how {@code text} travels. */
    static Segments of(String text) {
        boolean basic = text.codePoints().allMatch(c -> BASIC.indexOf(c) >= 0 || EXTENSION.indexOf(c) >= 0);
        Encoding encoding = basic ? Encoding.GSM_7 : Encoding.UCS_2;
        if (text.isEmpty()) {
            return new Segments(encoding, List.of());
        }
        return encoding.units(text) <= encoding.most(true)
                ? new Segments(encoding, List.of(text))
                : new Segments(encoding, split(text, encoding));
    }

    /** Returns how many messages the carrier makes of it, each of which is paid for. */
    int count() {
        return parts.size();
    }

    private static List<String> split(String text, Encoding encoding) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        int units = 0;
        for (int i = 0; i < text.length(); ) {
            int next = text.codePointAt(i);
            if (units + encoding.units(next) > encoding.most(false)) {
                parts.add(text.substring(start, i));
                start = i;
                units = 0;
            }
            units += encoding.units(next);
            i += Character.charCount(next);
        }
        parts.add(text.substring(start));
        return List.copyOf(parts);
    }
}
