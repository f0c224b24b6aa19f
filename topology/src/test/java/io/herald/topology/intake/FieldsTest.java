package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Reason;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bound, at it and beyond it. */
class FieldsTest {
    private static final String EMOJI = "😀";

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            acme,                              plain
            a,                                 shortest
            shop-7,                            digits and a hyphen
            abcdefghijklmnopqrstuvwxyz012345,  longest
            -,                                 only a hyphen
            """)
    void takesATenant(String value, String why) {
        assertThat(Fields.tenant(value)).isEqualTo(value);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(nullValues = "null", textBlock = """
            null,                              missing
            '',                                empty
            abcdefghijklmnopqrstuvwxyz0123456, too long by one
            Acme,                              upper case
            a/b,                               a slash would end the tenant in a user key
            a.b,                               a dot
            'a ',                              a space
            'acme\\n',                          a line feed at the end
            ä,                                 not ASCII
            """)
    void refusesATenant(String value, String why) {
        refused("tenant", () -> Fields.tenant(Escapes.read(value)));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            comment,          plain
            order.shipped_v2, dots and underscores
            a-b,              a hyphen
            """)
    void takesAWord(String value, String why) {
        assertThat(Fields.word("category", value)).isEqualTo(value);
        assertThat(Fields.word("category", "x".repeat(64))).hasSize(64);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(nullValues = "null", textBlock = """
            null,       missing
            '',         empty
            Comment,    upper case
            a/b,        a slash
            'a b',      a space
            'a\\n',      a line feed at the end
            """)
    void refusesAWord(String value, String why) {
        refused("category", () -> Fields.word("category", Escapes.read(value)));
        refused("category", () -> Fields.word("category", "x".repeat(65)));
    }

    @Test
    void aNameIsCountedInCodePoints() {
        assertThat(Fields.name("user", EMOJI.repeat(128), 128)).isEqualTo(EMOJI.repeat(128));
        refused("user", () -> Fields.name("user", EMOJI.repeat(129), 128));
        refused("user", () -> Fields.name("user", "x".repeat(129), 128));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(nullValues = "null", textBlock = """
            null,              missing
            '',                empty
            '   ',             blank
            'a\\nb',            a line feed
            'a\\tb',            a tab
            'a\\0b',            NUL
            'a\\u202Eb',        turns the reading direction
            'a\\uD83D',         half a pair
            """)
    void aNameIsNeverCleanedButRefused(String value, String why) {
        refused("user", () -> Fields.name("user", Escapes.read(value), 128));
    }

    @ParameterizedTest
    @ValueSource(strings = {"O'Brien", "نور", "👩\u200D👧", "a/b", " a", "ANN", "--; DROP TABLE", "<b>"})
    void takesAnyNameThatIsPlain(String value) {
        assertThat(Fields.name("user", value, 128)).isEqualTo(value);
        assertThat(Fields.optionalName("actor", value, 128)).isEqualTo(value);
    }

    @Test
    void whatIsOptionalMayBeMissing() {
        assertThat(Fields.optionalName("actor", null, 128)).isNull();
        assertThat(Fields.text("title", null, 10)).isNull();
        assertThat(Fields.line("displayName", null, 10)).isNull();
        assertThat(Fields.link("link", null)).isNull();
        assertThat(Fields.locale("locale", null)).isNull();
        refused("actor", () -> Fields.optionalName("actor", "", 128));
    }

    @Test
    void aTextIsCleanedAndThenMeasured() {
        assertThat(Fields.text("body", "a\0b\r\n\tc", 10)).isEqualTo("ab\n\tc");
        assertThat(Fields.text("body", "\0".repeat(100) + EMOJI.repeat(10), 10)).isEqualTo(EMOJI.repeat(10));
        refused("body", () -> Fields.text("body", EMOJI.repeat(11), 10));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            'Ann Lee',           Ann Lee,      as it is
            'Ann\\nBcc: all@x.y', Ann Bcc: all@x.y, a header of its own
            'Ann\\r\\nLee',        Ann Lee,      carriage returns go
            ' Ann\\t\\u2028 Lee ', Ann Lee,      every kind of break and the space around it
            """)
    void aLineHasNoBreaks(String value, String line, String why) {
        assertThat(Fields.line("displayName", Escapes.read(value), 200)).isEqualTo(line);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            https://example.org/a?b=c#d, web
            myapp://orders/42,           an app's own scheme
            mailto:a@b.c,                opaque
            https://example.org/%F0%9F%98%80, escaped
            """)
    void takesAnAbsoluteLink(String value, String why) {
        assertThat(Fields.link("link", value)).isEqualTo(value);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            '',                       empty
            /orders/42,               relative
            example.org,              no scheme
            'https://a b',            a space
            'https://a\\nb',           a line feed
            'https://[',              broken
            'javascript:alert(1)',    runs where it is opened
            'JavaScript:alert(1)',    and in any case
            'data:text/html,x',       carries its own page
            'vbscript:x',             runs too
            """)
    void refusesALink(String value, String why) {
        refused("link", () -> Fields.link("link", Escapes.read(value)));
    }

    @Test
    void aLinkIsBounded() {
        String base = "https://example.org/";
        String longest = base + "x".repeat(2_048 - base.length());
        assertThat(Fields.link("link", longest)).isEqualTo(longest);
        refused("link", () -> Fields.link("link", longest + "x"));
        refused("link", () -> Fields.link("link", base + "é".repeat(1_024)));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(textBlock = """
            de,          de
            DE,          de
            pt-br,       pt-BR
            zh-hant-tw,  zh-Hant-TW
            sr-Latn,     sr-Latn
            de-CH-1996,  de-CH-1996
            """)
    void aLocaleTakesItsOneForm(String value, String form) {
        assertThat(Fields.locale("locale", value)).isEqualTo(form);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            '',             empty
            und,            says nothing
            de_DE,          an underscore
            'de DE',        a space
            d,              too short
            abcdefghij,     no language
            de-x-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd, too long
            'de\\0',         NUL
            """)
    void refusesALocale(String value, String why) {
        refused("locale", () -> Fields.locale("locale", Escapes.read(value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a@b", "ann.lee+tag@mail.example.org", "o'brien@example.org", "用户@例子.公司", "_@-", "a@xn--fsq.cn"})
    void takesAnAddressThatAProviderMightTake(String value) {
        assertThat(Fields.email("address", value)).isEqualTo(value);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                | empty
            ann               | no domain
            @b                | nobody
            a@                | nowhere
            a@b@c             | two
            a b@c             | a space
            a@b,c@d           | two addresses
            Ann <a@b>         | with a name
            a@b;c@d           | two addresses
            'a@b\\nBcc:c@d'    | a header of its own
            "a"@b             | quoted
            """)
    void refusesAnAddress(String value, String why) {
        refused("address", () -> Fields.email("address", Escapes.read(value)));
    }

    @Test
    void anAddressIsBounded() {
        String longest = "a".repeat(64) + "@" + "b".repeat(255);
        assertThat(Fields.email("address", longest)).isEqualTo(longest);
        refused("address", () -> Fields.email("address", "a" + longest));
        refused("address", () -> Fields.email("address", longest + "b"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            +1234567,          shortest
            +123456789012345,  longest
            +4917012345678,    plain
            """)
    void takesANumber(String value, String why) {
        assertThat(Fields.phone("address", value)).isEqualTo(value);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(nullValues = "null", textBlock = """
            null,               missing
            4917012345678,      no plus
            +0917012345678,     no country begins with 0
            +123456,            too short
            +1234567890123456,  too long
            '+49 170 1234567',  spaces
            +٤٩١٧٠١٢٣٤٥,        digits of another script
            """)
    void refusesANumber(String value, String why) {
        refused("address", () -> Fields.phone("address", value));
    }

    @Test
    void aListIsBounded() {
        List<String> longest = Collections.nCopies(100, "x");
        assertThat(Fields.atMost("seqs", longest, 100)).isSameAs(longest);
        refused("seqs", () -> Fields.atMost("seqs", Collections.nCopies(101, "x"), 100));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "null", textBlock = """
            sports,                  true,  one word
            sports/football/arsenal, true,  a path
            a/b/c/d/e/f/g/h,         true,  eight words
            a.b/c_d/e-1,             true,  all that a word may have
            a/b/c/d/e/f/g/h/i,       false, nine words
            null,                    false, missing
            '',                      false, empty
            /sports,                 false, an empty word in front
            sports/,                 false, an empty word at the end
            sports//arsenal,         false, an empty word between
            Sports,                  false, upper case
            sports/*,                false, not a pattern
            'sports\\n',             false, a line feed at the end
            """)
    void aTopicIsAPathOfWords(String value, boolean taken, String why) {
        if (taken) {
            assertThat(Fields.path("topic", value)).isEqualTo(value);
        } else {
            refused("topic", () -> Fields.path("topic", Escapes.read(value)));
        }
    }

    @Test
    void aTopicIsBounded() {
        assertThat(Fields.path("topic", "x".repeat(200))).hasSize(200);
        refused("topic", () -> Fields.path("topic", "x".repeat(201)));
    }

    @Test
    void aListWhoseOrderMattersHasNothingTwice() {
        List<String> values = List.of("b", "a");
        assertThat(Fields.distinct("channels", values, 2)).isSameAs(values);
        refused("channels", () -> Fields.distinct("channels", List.of("b", "a", "b"), 3));
        refused("channels", () -> Fields.distinct("channels", List.of("b", "a"), 1));
    }

    private static void refused(String field, Supplier<?> check) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, check::get);
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused).hasMessageNotContaining("\n");
    }
}
