package io.herald.topology.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long what a template renders may be, and how it is shortened to that. */
class TemplateLimitsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theTitleIsOneLine() {
        Content content = Template.compile(template(Channel.PUSH, "  {{a}}\n\n{{b}} ", "b", null))
                .render(Map.of("a", "new\tpost\r\n", "b", "by\u2028you\u2029\u0085 all"));
        assertThat(content.title()).isEqualTo("new post by you all");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            INBOX,    2000
            SMS,       670
            EMAIL,   65536
            WEBHOOK,  4000
            """)
    void aBodyIsShortenedToWhatTheChannelTakes(Channel channel, int most) {
        Template template = Template.compile(template(channel, "{{x}}", "{{x}}", null));
        String fits = "😀".repeat(most);
        assertThat(template.render(Map.of("x", fits)).body()).isEqualTo(fits);
        assertThat(template.render(Map.of("x", fits + "y")).body()).isEqualTo("😀".repeat(most - 1) + "…");
        assertThat(template.render(Map.of("x", fits)).title()).isEqualTo("😀".repeat(199) + "…");
    }

    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            a  | 199 | 999 | 0    | letters, of one byte
            é  | 198 | 998 | 0    | of two, of which a thousand nearly fit
            語 | 132 | 665 | 0    | of three
            😀 | 99  | 499 | 0    | of four
            \\  | 198 | 998 | 0    | escaped to two
            a  | 199 | 999 | 2048 | beside the longest link
            語 | 132 | 382 | 2048 | whose bytes are missing then
            語 | 132 | 0   | 3300 | for which nothing is left
            """)
    void aPushIsShortenedToBytesAsJson(String character, int inTitle, int inBody, int linkBytes, String why) {
        Template template = Template.compile(template(Channel.PUSH, "{{x}}", "{{x}}", null));
        Content content =
                template.render(Map.of("x", character.repeat(4_096)), linkBytes == 0 ? null : "x".repeat(linkBytes));
        assertThat(content.title()).isEqualTo(character.repeat(inTitle) + "…");
        assertThat(content.body()).isEqualTo(inBody == 0 ? "" : character.repeat(inBody) + "…");
    }

    /** Whatever an event says: what comes of it is JSON that APNs takes. */
    @Property(tries = 300)
    void aPushFitsItsPayload(@ForAll("anything") String x, @ForAll("anything") String y, @ForAll boolean linked)
            throws IOException {
        Content content = Template.compile(template(Channel.PUSH, "{{x}} {{y}}", "{{y}}{{x}}{{y}}", null))
                .render(Map.of("x", x, "y", y), linked ? "https://example.org/" + "x".repeat(2_028) : null);
        Map<String, Object> payload = Map.of(
                "aps",
                Map.of("alert", Map.of("title", content.title(), "body", content.body()), "sound", "default"),
                "notificationId",
                "0".repeat(36),
                "deliveryId",
                "0".repeat(36),
                "link",
                linked ? "https://example.org/" + "x".repeat(2_028) : "",
                "seq",
                Long.MAX_VALUE);
        // As text: written to bytes, this library would escape what lies beyond 16 bits.
        String json = JSON.writeValueAsString(payload);
        assertThat(json.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(4_096);
        assertThat(JSON.readTree(json).at("/aps/alert/body").textValue()).isEqualTo(content.body());
        assertThat(JSON.readTree(json).at("/aps/alert/title").textValue()).isEqualTo(content.title());
    }

    @Provide
    Arbitrary<String> anything() {
        return Combinators.combine(
                        Arbitraries.of(
                                        "a",
                                        "é",
                                        "語",
                                        "😀",
                                        "\"",
                                        "\\",
                                        "\n",
                                        "\u0001",
                                        "\u2028",
                                        "e\u0301",
                                        "👩\u200D👧",
                                        "🇩🇪")
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(6),
                        Arbitraries.of(1, 20, 300, 1_000))
                .as((parts, times) -> String.join("", parts).repeat(times))
                .map(text -> text.length() <= 4_096 ? text : text.substring(0, text.offsetByCodePoints(0, 2_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "body", "html"})
    void whatRendersBeyondAnyUseIsRefused(String part) {
        String bomb = "{{x}}".repeat(200);
        Template template = Template.compile(template(
                Channel.EMAIL,
                part.equals("title") ? bomb : "t",
                part.equals("body") ? bomb : "b",
                part.equals("html") ? bomb : "h"));
        assertThatThrownBy(() -> template.render(Map.of("x", "y".repeat(4_096))))
                .isInstanceOf(ContentTooLargeException.class)
                .hasMessageNotContaining("y".repeat(10));
    }

    @Test
    void htmlIsNeverShortened() {
        Template template = Template.compile(template(Channel.EMAIL, "t", "b", "{{x}}"));
        String longest = "y".repeat(131_072);
        assertThat(template.render(Map.of("x", longest)).html()).isEqualTo(longest);
        assertThatThrownBy(() -> template.render(Map.of("x", longest + "y")))
                .isInstanceOf(ContentTooLargeException.class);
    }

    @Property
    void theTitleIsOneLineOfTheSameWords(@ForAll("texts") String a, @ForAll("texts") String b) {
        String words = Arrays.stream((a + b).split("[ \\t\\n\\x0B\\f\\r\\u0085\\u2028\\u2029]"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        assertThat(Template.compile(template(Channel.EMAIL, "{{a}}{{b}}", "body", null))
                        .render(Map.of("a", a, "b", b))
                        .title())
                .isEqualTo(words);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'é', '漢', ' ', ' ', '\t', '\n', '\r', '\f', '\u000B', '\u0085', '\u2028', '\u2029')
                .ofMaxLength(8);
    }

    private static TemplateChanged template(Channel channel, String title, String body, String html) {
        return new TemplateChanged("acme", "comment", channel, "en", title, body, html);
    }
}
