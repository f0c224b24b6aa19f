package io.herald.sender.sms;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.sender.sms.Segments.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a   | 0   | GSM_7 | 0 | nothing
                    a   | 1   | GSM_7 | 1 | the least
                    a   | 160 | GSM_7 | 1 | the most that stands alone
                    a   | 161 | GSM_7 | 2 | the least that does not
                    a   | 306 | GSM_7 | 2 | two times 153
                    a   | 307 | GSM_7 | 3 | one more
                    é   | 160 | GSM_7 | 1 | in the alphabet
                    Ω   | 160 | GSM_7 | 1 | some of Greek is
                    €   | 80  | GSM_7 | 1 | two septets each
                    €   | 81  | GSM_7 | 2 | 162 septets
                    €   | 152 | GSM_7 | 2 | 76 to a segment: an escape is never torn off
                    €   | 153 | GSM_7 | 3 | though 306 septets would fit two
                    {   | 81  | GSM_7 | 2 | in the extension, too
                    ç   | 70  | UCS_2 | 1 | the alphabet has only the capital one
                    Ç   | 160 | GSM_7 | 1 | which is this
                    α   | 70  | UCS_2 | 1 | Greek that looks like nothing Latin
                    ’   | 70  | UCS_2 | 1 | what word processors make of an apostrophe
                    ’   | 71  | UCS_2 | 2 | the least that does not stand alone
                    ’   | 134 | UCS_2 | 2 | two times 67
                    ’   | 135 | UCS_2 | 3 | one more
                    😀  | 35  | UCS_2 | 1 | two units each
                    😀  | 36  | UCS_2 | 2 | 72 units
                    😀  | 66  | UCS_2 | 2 | 33 to a segment: a pair is never torn apart
                    😀  | 67  | UCS_2 | 3 | though 134 units would fit two
                    """)
    void countsAsCarriersDo(String letter, int times, Encoding encoding, int segments, String why) {
        Segments counted = Segments.of(letter.repeat(times));

        assertThat(counted.count()).as(why).isEqualTo(segments);
        if (times > 0) {
            assertThat(counted.encoding()).as(why).isEqualTo(encoding);
        }
    }

    @Test
    void hasTheWholeAlphabet() {
        String basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
                + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

        // 128 places, one of which is the escape.
        assertThat(basic).hasSize(127);
        assertThat(Segments.of(basic)).satisfies(segments -> {
            assertThat(segments.encoding()).isEqualTo(Encoding.GSM_7);
            assertThat(segments.encoding().units(basic)).isEqualTo(127);
        });
        assertThat(Encoding.GSM_7.units("\f^{}\\[~]|€")).isEqualTo(20);
    }

    @Test
    void oneCharacterChangesTheWholeText() {
        assertThat(Segments.of("a".repeat(160)).count()).isEqualTo(1);
        assertThat(Segments.of("a".repeat(158) + "😀").count()).isEqualTo(3);
    }
}
