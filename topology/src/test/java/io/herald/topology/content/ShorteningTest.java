package io.herald.topology.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShorteningTest {
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

    @Property
    void whatComesOutIsShortEnoughAndCanBeEncoded(
            @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 12) int most) {
        String shortened = Shortening.toCodePoints(text, most);
        assertThat(shortened.codePointCount(0, shortened.length()))
                .isEqualTo(Math.min(most, text.codePointCount(0, text.length())));
        assertThat(new String(shortened.getBytes(UTF_8), UTF_8)).isEqualTo(shortened);
        assertThat(shortened.equals(text) || (shortened.endsWith("…") && text.startsWith(withoutSign(shortened))))
                .isTrue();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "é", "😀", "\uD835\uDD6C", " ")
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    private static String withoutSign(String text) {
        return text.substring(0, text.length() - 1);
    }
}
