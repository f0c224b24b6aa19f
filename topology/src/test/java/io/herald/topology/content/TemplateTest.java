package io.herald.topology.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final Map<String, String> VALUES = Map.of(
            "actor", "Miles O'Brien",
            "text", "<b>1 & 1</b>",
            "empty", "",
            "order.id", "42",
            "name", "نور 👩\u200D👧");

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            {{actor}} wrote                    | Miles O'Brien wrote       | a value
            {{ actor }}                        | Miles O'Brien             | spaces in a tag
            {{name}}                           | نور 👩‍👧                  | any script
            {{text}}                           | <b>1 & 1</b>              | plain text is not escaped
            {{{text}}}                         | <b>1 & 1</b>              | nor is it with three
            [{{missing}}]                      | []                        | what is missing is nothing
            [{{missing.too}}]                  | []                        | whatever it would have had
            {{order.id}}                       | 42                        | a dot belongs to the name
            {{#actor}}by {{actor}}{{/actor}}   | by Miles O'Brien          | a section with a value
            [{{#missing}}x{{/missing}}]        | []                        | a section without
            {{^missing}}none{{/missing}}       | none                      | and turned round
            {{! a word between us }}x          | x                         | a comment
            {{=<% %>=}}<%actor%>               | Miles O'Brien             | other tags
            no tags } at { all                 | no tags } at { all        | text
            """)
    void rendersWhatTheEventSays(String template, String rendered, String why) {
        assertThat(body(Channel.PUSH, template)).isEqualTo(rendered);
    }

    /** A template reaches the values and nothing else: no method, no field, no class of any of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{actor.class}}",
                "{{actor.bytes}}",
                "{{actor.length}}",
                "{{actor.toString}}",
                "{{actor.isEmpty}}",
                "{{actor.class.name}}",
                "{{class}}",
                "{{getClass}}",
                "{{size}}",
                "{{entrySet}}",
                "{{#actor}}{{class}}{{bytes}}{{length}}{{hashCode}}{{/actor}}",
                "{{#actor.chars}}x{{/actor.chars}}",
            })
    void reachesNothingButTheValues(String template) {
        assertThat(body(Channel.PUSH, template)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            '{{text}}',             two braces
            '{{{text}}}',           three: a template must not be able to forget it
            '{{&text}}',            another way to write three
            '{{#text}}{{.}}{{/text}}', by its other name
            """)
    void htmlIsAlwaysEscaped(String template, String why) {
        assertThat(render(html(template)).html()).isEqualTo("&lt;b&gt;1 &amp; 1&lt;/b&gt;");
    }

    @Test
    void whatTheTemplateSaysInHtmlStays() {
        assertThat(render(html("<p title=\"{{actor}}\">{{missing}}</p>")).html())
                .isEqualTo("<p title=\"Miles O&#39;Brien\"></p>");
    }

    @Property
    void noValueBreaksOutOfHtml(@ForAll @CharRange(from = '!', to = '>') @StringLength(max = 10) String value) {
        Content content =
                Template.compile(html("<p title=\"{{x}}\">{{{x}}}</p>")).render(Map.of("x", value));
        assertThat(content.html().replaceFirst("^<p title=\"[^\"<>]*\">[^<>]*</p>$", ""))
                .isEmpty();
    }

    @Test
    void onlyAMailHasHtml() {
        assertThat(render(template(Channel.PUSH, "t", "b", null)).html()).isNull();
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            title | {{#a}}                         | is not a valid template | a section that does not end
            title | {{/a}}                         | is not a valid template | an end of nothing
            body  | {{#a}}{{#b}}{{/a}}{{/b}}       | is not a valid template | sections that cross
            body  | {{{a}}                         | is not a valid template | three that end as two
            body  | {{}}                           | is not a valid template | a tag of nothing
            body  | {{ }}                          | is not a valid template | a tag of a space
            body  | {{=}}                          | is not a valid template | no other tags
            body  | {{=abc def=}}                  | is not a valid template | tags too long
            body  | {{= =}}                        | is not a valid template | tags of nothing
            body  | {{>other}}                     | has a partial           | another template
            body  | x {{#a}}{{> other }}{{/a}}     | has a partial           | deep inside
            html  | {{>other}}                     | has a partial           | in HTML
            body  | {{größe}}                      | has an unknown variable | a letter that no name has
            body  | {{a b}}                        | has an unknown variable | a space in the middle
            title | {{#$a}}x{{/$a}}                | has an unknown variable | a sign, in a section
            title | {{^a!}}x{{/a!}}                | has an unknown variable | and in one turned round
            html  | {{<other}}{{/other}}           | has a partial           | a parent
            title | {{$block}}x{{/block}}          | has a block             | what only a parent could fill
            """)
    void aBrokenTemplateIsRefusedNamingThePart(String part, String text, String message, String why) {
        TemplateChanged change = template(
                Channel.EMAIL,
                part.equals("title") ? text : "t",
                part.equals("body") ? text : "b",
                part.equals("html") ? text : null);
        TemplateException broken = catchThrowableOfType(TemplateException.class, () -> Template.compile(change));
        assertThat(broken).isNotNull().hasMessage(message);
        assertThat(broken.field()).isEqualTo(part);
    }

    @Property
    void whateverCompilesRenders(@ForAll("pieces") String text) {
        Template template;
        try {
            template = Template.compile(template(Channel.PUSH, text, text, null));
        } catch (TemplateException refused) {
            return;
        }
        assertThat(template.render(VALUES).body()).isNotNull();
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "{{",
                        "}}",
                        "{{{",
                        "}}}",
                        "{",
                        "}",
                        "#",
                        "/",
                        "^",
                        "&",
                        "!",
                        "=",
                        "<",
                        ">",
                        "$",
                        "a",
                        ".",
                        " ",
                        "\n",
                        "{{a}}",
                        "{{#a}}",
                        "{{/a}}",
                        "{{^a}}",
                        "{{=<% %>=}}",
                        "{{=| |=}}",
                        "<%",
                        "%>",
                        "|",
                        "-index",
                        "this")
                .list()
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces));
    }

    @Test
    void sectionsWithoutEndAreRefused() {
        // Rendering and refusing both go down as deep as the sections do.
        String deep = "{{#a}}".repeat(5_000) + "{{/a}}".repeat(5_000);
        TemplateException refused = catchThrowableOfType(TemplateException.class, () -> Template.compile(html(deep)));
        assertThat(refused).isNotNull().hasMessage("has more than 200 sections");
        assertThat(refused.field()).isEqualTo("html");
        assertThat(body(Channel.PUSH, "{{#actor}}".repeat(200) + "x" + "{{/actor}}".repeat(200)))
                .isEqualTo("x");
    }

    @Test
    void aNameIsAsLongAsThatOfAValueMayBe() {
        assertThat(body(Channel.PUSH, "{{" + "a".repeat(64) + "}}")).isEmpty();
        assertThatThrownBy(() -> Template.compile(html("{{" + "a".repeat(65) + "}}")))
                .isInstanceOf(TemplateException.class)
                .hasMessage("has an unknown variable");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            {{digest.count}} likes                                        | 7 likes    | the count
            {{#digest}}{{count}}{{/digest}}                               | 7          | in its section
            {{#digest.items}}{{actor}} {{/digest.items}}                  | ann <b> cy | the items
            {{#digest}}{{#items}}{{n}}{{/items}}{{/digest}}               | 123        | in a section of a section
            {{#digest.items}}{{n}}{{^-last}}, {{/-last}}{{/digest.items}} | 1, 2, 3    | between them
            {{#digest.items}}{{-index}}{{/digest.items}}                  | 123        | counted
            {{#digest.more}}and {{digest.more}} more{{/digest.more}}      | and 4 more | what is not listed
            {{^digest.more}}no more{{/digest.more}}                       | -          | there are more
            {{#digest.items}}{{category}}{{/digest.items}}                | likelikelike | the digest's own, seen from an item
            {{digest}}{{digest.items}}                                    | -          | what has parts is no text
            {{#digest.items}}{{.}}{{/digest.items}}                       | -          | nor has an item
            {{digest.class}}{{digest.items.size}}{{digest.items.0}}       | -          | nothing of how it is made
            {{#digest.items}}{{class}}{{size}}{{keySet}}{{/digest.items}} | -          | nor of the items
            """)
    void aDigestSaysHowManyAndWhich(String template, String rendered, String why) {
        Map<String, Object> digest = Map.of(
                "count",
                7L,
                "more",
                4L,
                "items",
                List.of(
                        Map.of("actor", "ann", "n", "1"),
                        Map.of("actor", "<b>", "n", "2"),
                        Map.of("actor", "cy", "n", "3")));
        Map<String, Object> values = Map.of("digest", digest, "category", "like");
        assertThat(Template.compile(template(Channel.PUSH, "t", template, null))
                        .render(values)
                        .body()
                        .strip())
                .isEqualTo(rendered.equals("-") ? "" : rendered);
        assertThat(Template.compile(html(template)).render(values).html().strip())
                .isEqualTo(rendered.equals("-") ? "" : rendered.replace("<b>", "&lt;b&gt;"));
    }

    @Test
    void aDigestOfAllItsItemsHasNoMore() {
        Map<String, Object> values = Map.of("digest", Map.of("count", 1L, "more", 0L, "items", List.of()));
        assertThat(Template.compile(template(
                                Channel.PUSH,
                                "t",
                                "{{#digest.more}}x{{/digest.more}}{{#digest.items}}y{{/digest.items}}",
                                null))
                        .render(values)
                        .body())
                .isEmpty();
    }

    @Test
    void listsWithinListsAreBounded() {
        String list = "{{#digest.items}}";
        String end = "{{/digest.items}}";
        Template.compile(html(list.repeat(2) + end.repeat(2)));
        assertThatThrownBy(() -> Template.compile(html(list.repeat(3) + end.repeat(3))))
                .isInstanceOf(TemplateException.class)
                .hasMessage("has more than 2 sections of items");
        assertThatThrownBy(() -> Template.compile(
                        html("{{#digest}}{{#items}}{{/items}}" + list.repeat(2) + end.repeat(2) + "{{/digest}}")))
                .isInstanceOf(TemplateException.class);
        Map<String, Object> fifty = Map.of("digest", Map.of("items", Collections.nCopies(50, Map.of("x", ""))));
        Template nothing = Template.compile(html(list.repeat(2) + "{{x}}".repeat(100) + end.repeat(2)));
        assertThatThrownBy(() -> nothing.render(fifty)).isInstanceOf(ContentTooLargeException.class);
    }

    @Test
    void aTemplateServesManyEvents() {
        Template template = Template.compile(template(Channel.PUSH, "{{a}}", "{{#b}}{{a}}{{/b}}", null));
        Map<String, String> values = new HashMap<>(Map.of("a", "1", "b", "x"));
        assertThat(template.render(values)).isEqualTo(new Content("1", "1", null));
        values.remove("b");
        values.put("a", "2");
        assertThat(template.render(values)).isEqualTo(new Content("2", "", null));
        assertThat(template.render(Map.of())).isEqualTo(new Content("", "", null));
    }

    private static String body(Channel channel, String text) {
        return render(template(channel, "t", text, null)).body();
    }

    private static Content render(TemplateChanged change) {
        return Template.compile(change).render(VALUES);
    }

    private static TemplateChanged html(String text) {
        return template(Channel.EMAIL, "t", "b", text);
    }

    private static TemplateChanged template(Channel channel, String title, String body, String html) {
        return new TemplateChanged("acme", "comment", channel, "en", title, body, html);
    }
}
