package io.herald.topology.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShorteningTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            '',      3, '',    nothing
            abc,     3, abc,   as long as may be
            abcd,    3, ab…,   too long
            😀😀😀,  3, 😀😀😀, three characters of two units each
            😀😀😀😀, 3, 😀😀…,  never in the middle of one
            ab😀,    2, a…,    nor before one
            abc,     1, …,     only the sign fits
            """)
    void shortensWithASign(String text, int most, String shortened, String why) {
        assertThat(Shortening.toCodePoints(text, most)).isEqualTo(shortened);
    }

    /** What is seen as one character is not parted, whatever it is made of; C stands for a combining accent. */
    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            aeCxy,    3, a…,    an accent stays with its letter
            aeCx,     4, aeCx,  and counts
            aeCCCxy,  4, a…,    so do several
            a👩J👧xy,  4, a…,    a family is one
            👩J👩J👧xy, 6, 👩J👩J👧…, as a whole
            👍🏽👍🏽xy,  4, 👍🏽…,  a hand has its colour
            🇩🇪🇫🇷xy,   4, 🇩🇪…,  half a flag is none
            x🇩🇪🇫🇷y,   5, x🇩🇪…, wherever the flags begin
            xy1VK,    4, xy…,   nor half a keycap
            """)
    void whatIsOneToTheEyeStaysOne(String text, int most, String shortened, String why) {
        assertThat(Shortening.toCodePoints(spelt(text), most)).isEqualTo(spelt(shortened));
    }

    private static String spelt(String text) {
        return text.replace('C', '\u0301')
                .replace('J', '\u200D')
                .replace('V', '\uFE0F')
                .replace('K', '\u20E3');
    }

    @Test
    void aTextOfNothingButAccentsIsCutAllTheSame() {
        assertThat(Shortening.toCodePoints("\u0301".repeat(500), 200)).isEqualTo("\u0301".repeat(199) + "…");
        assertThat(Shortening.toCodePoints("abc" + "\u0301".repeat(500), 20)).isEqualTo("ab…");
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            abc,    3, abc,  as many bytes as may be
            abcd,   3, …,    the sign takes three
            abcd,   2, '',   and does not fit
            abcdef, 5, ab…,  what fits before it
            ééé,    5, é…,   of two bytes each
            ééé,    6, ééé,  as many bytes as may be
            語語,   5, …,    of three
            😀😀,   7, 😀…,  of four
            😀😀,   6, …,    never half of one
            QQQQ,   7, QQ…,  escaped to two
            N,      1, '',   a line break is escaped too
            NN,     4, NN,   to two
            TTT,    9, T…,   other controls to six
            SSS,    9, S…,   what some escape counts as if all did
            """)
    void shortensToBytesOfJson(String text, int most, String shortened, String why) {
        assertThat(Shortening.toJsonBytes(controls(text), most)).isEqualTo(controls(shortened));
    }

    private static String controls(String text) {
        return text.replace('Q', '"').replace('N', '\n').replace('T', '\u0001').replace('S', '\u2028');
    }

    @Property
    void whatComesOutFitsAsJson(@ForAll("texts") String text, @ForAll @IntRange(max = 80) int most) throws IOException {
        String shortened = Shortening.toJsonBytes(text, most);
        String json = JSON.writeValueAsString(shortened);
        assertThat(json.getBytes(UTF_8).length - 2).isLessThanOrEqualTo(most);
        assertThat(JSON.readValue(json, String.class)).isEqualTo(shortened);
        assertThat(Shortening.jsonBytes(text) <= most).isEqualTo(shortened.equals(text));
        assertThat(shortened.isEmpty()
                        || shortened.equals(text)
                        || (shortened.endsWith("…") && text.startsWith(withoutSign(shortened))))
                .isTrue();
    }

    @Property
    void whatComesOutIsShortEnoughAndCanBeEncoded(
            @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 12) int most) {
        String shortened = Shortening.toCodePoints(text, most);
        assertThat(shortened.codePointCount(0, shortened.length())).isLessThanOrEqualTo(most);
        assertThat(text.codePointCount(0, text.length()) <= most).isEqualTo(shortened.equals(text));
        assertThat(new String(shortened.getBytes(UTF_8), UTF_8)).isEqualTo(shortened);
        assertThat(shortened.equals(text) || (shortened.endsWith("…") && text.startsWith(withoutSign(shortened))))
                .isTrue();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "é", "😀", "\uD835\uDD6C", " ", "\"", "\\", "\u0001", "\u0301", "\u200D", "🇩")
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    private static String withoutSign(String text) {
        return text.substring(0, text.length() - 1);
    }
}
