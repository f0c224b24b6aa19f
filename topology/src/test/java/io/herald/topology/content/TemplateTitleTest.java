package io.herald.topology.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TemplateTitleTest {
    private static final Template TEMPLATE =
            Template.compile(new TemplateChanged("acme", "comment", Channel.EMAIL, "en", "{{a}}{{b}}", "body", null));

    @Property
    void isOneLineOfTheSameWords(@ForAll("texts") String a, @ForAll("texts") String b) {
        String words = Arrays.stream((a + b).split("[ \\t\\n\\x0B\\f\\r\\u0085\\u2028\\u2029]"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        assertThat(TEMPLATE.render(Map.of("a", a, "b", b)).title()).isEqualTo(words);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'é', '漢', ' ', ' ', '\t', '\n', '\r', '\f', '\u000B', '\u0085', '\u2028', '\u2029')
                .ofMaxLength(8);
    }
}
