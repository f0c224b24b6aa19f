package io.herald.consent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnsubscribeTokensTest {
    private static final String FIRST = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String SECOND = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    private static final Unsubscribe ANN = new Unsubscribe("acme", "ann", "newsletter");

    private static UnsubscribeTokens with(String... lines) {
        try {
            ConsentKeys keys = ConsentKeys.parse(String.join("\n", lines));
            return new UnsubscribeTokens(() -> keys);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new AssertionError(unusable);
        }
    }

    @Property
    void comesBackAsItWas(
            @ForAll("words") String tenant, @ForAll("words") String user, @ForAll("words") String category) {
        UnsubscribeTokens tokens = with(FIRST);
        Unsubscribe what = new Unsubscribe(tenant, user, category);

        String token = tokens.token(what);

        assertThat(token).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.verify(token)).contains(what);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().all().excludeChars(surrogates()).ofMaxLength(44);
    }

    private static char[] surrogates() {
        char[] halves = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return halves;
    }

    /** Whatever one changes of it. */
    @Property
    void isNothingOnceAByteIsChanged(@ForAll @IntRange(max = 60) int at, @ForAll @IntRange(min = 1, max = 255) int by) {
        UnsubscribeTokens tokens = with(FIRST);
        byte[] token = Base64.getUrlDecoder().decode(tokens.token(ANN));
        token[at % token.length] ^= (byte) by;

        assertThat(tokens.verify(Base64.getUrlEncoder().withoutPadding().encodeToString(token)))
                .isEmpty();
    }

    @Property
    void isNothingWithoutItsEnd(@ForAll @IntRange(max = 80) int left) {
        UnsubscribeTokens tokens = with(FIRST);
        String token = tokens.token(ANN);

        assertThat(tokens.verify(token.substring(0, left % token.length()))).isEmpty();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            first,         first,         true,  the same key
            first,         second first,  true,  a new key came before it
            second first,  second,        true,  the first of two made it
            second first,  first,         false, only the first of two makes
            first,         second,        false, its key was removed
            """)
    void goesByTheKeysThereAre(String makers, String checkers, boolean good, String why) {
        String token = with(keys(makers)).token(ANN);

        assertThat(with(keys(checkers)).verify(token).isPresent()).as(why).isEqualTo(good);
    }

    private static String[] keys(String names) {
        return names.replace("first", FIRST).replace("second", SECOND).split(" ");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            '',             empty
            '=',            not base64
            'ä',            not ASCII
            'AAAA',         too short
            '../../etc',    a path
            """)
    void isNothingIfItNeverWasOne(String token, String why) {
        assertThat(with(FIRST).verify(token)).as(why).isEmpty();
    }

    @Test
    void hasOneSpelling() {
        UnsubscribeTokens tokens = with(FIRST);
        String token = tokens.token(ANN);

        assertThat(tokens.verify(token + "=")).isEmpty();
        assertThat(tokens.verify(token + "==")).isEmpty();
    }

    @Test
    void hasABoundedLength() {
        Unsubscribe longest = new Unsubscribe("t".repeat(32), "\u20AC".repeat(128), "c".repeat(64));

        assertThat(with(FIRST).token(longest)).hasSizeLessThanOrEqualTo(UnsubscribeTokens.LONGEST);
    }

    @Test
    void tellsNobodyWhomItIsAbout() {
        String token = with(FIRST).token(ANN);
        String bytes = new String(Base64.getUrlDecoder().decode(token), ISO_8859_1);

        assertThat(bytes).doesNotContain("acme", "ann", "newsletter");
        assertThat(with(FIRST).token(ANN)).as("nor that two are about the same").isNotEqualTo(token);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            '',                          no key
            '# only a comment',          no key
            'not base64!',               no base64
            'c2hvcnQ=',                  too short
            """)
    void refusesWhatIsNoKey(String lines, String why) {
        assertThatThrownBy(() -> ConsentKeys.parse(lines))
                .as(why)
                .isInstanceOfAny(IOException.class, GeneralSecurityException.class)
                .hasMessageNotContaining("c2hvcnQ");
    }

    @Test
    void readsCommentsAndEmptyLines() throws Exception {
        ConsentKeys keys = ConsentKeys.parse("# from March\n\n" + FIRST + "\r\n" + SECOND + "\n");

        assertThat(keys).hasToString("ConsentKeys[2]");
    }
}
