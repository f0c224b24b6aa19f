package io.herald.topology.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CleaningTest {
    static Stream<Arguments> survivors() {
        return Stream.of(
                Arguments.of("a family is four emoji and three joiners", "👩\u200D👩\u200D👧\u200D👦"),
                Arguments.of("a skin tone", "👍🏽"),
                Arguments.of(
                        "a flag of tags", "🏴\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F"),
                Arguments.of("a heart with a variation selector", "❤\uFE0F"),
                Arguments.of("Arabic", "نور الدين"),
                Arguments.of("Hebrew with points", "שָׁלוֹם"),
                Arguments.of("a mark of direction that ends with its character", "C\u200E‏ x\u200F"),
                Arguments.of("Persian with a non-joiner", "می\u200Cخواهم"),
                Arguments.of("Hindi with a joiner", "क\u094D\u200Dष"),
                Arguments.of("a combining accent", "e\u0301"),
                Arguments.of("beyond the first plane", "\uD835\uDD6C 𝕬"),
                Arguments.of("an apostrophe", "Miles O'Brien"),
                Arguments.of("lines and tabs", "a\n\tb"),
                Arguments.of("nothing", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("survivors")
    void whatPeopleWriteSurvives(String why, String text) {
        assertThat(Cleaning.clean(text)).isEqualTo(text);
    }

    static Stream<Arguments> intruders() {
        return Stream.of(
                Arguments.of("NUL", "\0"),
                Arguments.of("bell", "\u0007"),
                Arguments.of("carriage return", "\r"),
                Arguments.of("escape", "\u001B"),
                Arguments.of("delete", "\u007F"),
                Arguments.of("first of C1", "\u0080"),
                Arguments.of("next line", "\u0085"),
                Arguments.of("last of C1", "\u009F"),
                Arguments.of("left-to-right embedding", "\u202A"),
                Arguments.of("right-to-left override", "\u202E"),
                Arguments.of("left-to-right isolate", "\u2066"),
                Arguments.of("pop isolate", "\u2069"),
                Arguments.of("half a pair, high", "\uD83D"),
                Arguments.of("half a pair, low", "\uDE00"),
                Arguments.of("a pair the wrong way round", "\uDE00\uD83D"),
                Arguments.of("no character", "\uFFFE\uFFFF"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("intruders")
    void whatNoReaderShouldGetGoes(String why, String intruder) {
        assertThat(Cleaning.clean("a" + intruder + "b" + intruder)).isEqualTo("ab");
        assertThat(Cleaning.isPlain("a" + intruder + "b")).isFalse();
    }

    @Test
    void everyCharacterStaysOrGoes() {
        for (int unit = 0; unit <= Character.MAX_VALUE; unit++) {
            boolean stays =
                    switch (Character.getType(unit)) {
                        case Character.CONTROL -> unit == '\n' || unit == '\t';
                        case Character.SURROGATE -> false;
                        case Character.FORMAT ->
                            !"\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"
                                    .contains(Character.toString(unit));
                        default -> unit < 0xFFFE;
                    };
            assertThat(Cleaning.clean("a" + (char) unit + "b"))
                    .as("U+%04X", unit)
                    .isEqualTo(stays ? "a" + (char) unit + "b" : "ab");
        }
    }

    @Property
    void cleaningTwiceChangesNothingMore(@ForAll("anything") String text) {
        String once = Cleaning.clean(text);
        assertThat(Cleaning.clean(once)).isEqualTo(once);
    }

    @Property
    void whatIsCleanCanBeEncodedAndStored(@ForAll("anything") String text) {
        String clean = Cleaning.clean(text);
        assertThat(new String(clean.getBytes(UTF_8), UTF_8)).isEqualTo(clean);
        assertThat(clean.codePoints())
                .noneMatch(point -> Character.isISOControl(point) && point != '\n' && point != '\t');
    }

    @Property
    void plainIsCleanAndOnOneLine(@ForAll("anything") String text) {
        String clean = Cleaning.clean(text);
        assertThat(Cleaning.isPlain(text))
                .isEqualTo(clean.equals(text) && !text.contains("\n") && !text.contains("\t"));
    }

    /**
     * Strings of all code units, halves of pairs among them, with what is dangerous far more often than chance has it.
     */
    @Provide
    Arbitrary<String> anything() {
        Arbitrary<Character> units = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of('a', ' ', '\n', '\t', '\r', '\0', '\u202E', '\u2068', '\u200D', '\uFFFE')),
                Tuple.of(2, Arbitraries.chars().range('\uD800', '\uDFFF')),
                Tuple.of(2, Arbitraries.chars().range('\0', '\u00A0')),
                Tuple.of(2, Arbitraries.chars().range('\0', '\uFFFF')));
        return units.list().ofMaxSize(12).map(list -> {
            StringBuilder text = new StringBuilder();
            list.forEach(text::append);
            return text.toString();
        });
    }
}
