package io.herald.topology.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A template whose own text never fits is its author's mistake, and told to them. */
class TemplateFitsTest {
    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            INBOX,   200, 2000,  '',          -,     as long as may be
            INBOX,   201, 2000,  '',          title, one more in the title
            INBOX,   200, 2001,  '',          body,  one more in the body
            INBOX,   200, 2000,  '{{text}}',  -,     what values add is shortened and not refused
            PUSH,    200, 1000,  '',          -,     a push
            PUSH,    200, 1001,  '',          body,  a push too long
            SMS,     200, 670,   '',          -,     ten segments
            SMS,     200, 671,   '',          body,  a message too long
            EMAIL,   200, 16384, '',          -,     a mail has room
            WEBHOOK, 201, 4000,  '',          title, every channel has titles
            WEBHOOK, 200, 4001,  '',          body,  more than every chat takes
            """)
    void whatIsAlwaysCutOffIsRefused(Channel channel, int title, int body, String more, String field, String why) {
        TemplateException refused = refusal(channel, "x".repeat(title) + more, "x".repeat(body) + more);
        assertThat(refused == null ? null : refused.field()).isEqualTo(field);
    }

    @Test
    void aPushIsMeasuredInBytes() {
        assertThat(refusal(Channel.PUSH, "t", "€".repeat(666))).isNull();
        assertThat(refusal(Channel.PUSH, "t", "€".repeat(667)).field()).isEqualTo("body");
        assertThat(refusal(Channel.PUSH, "€".repeat(134), "b").field()).isEqualTo("title");
    }

    @Test
    void whatIsShownWithoutValuesCounts() {
        assertThat(refusal(Channel.SMS, "t", "{{^a}}" + "x".repeat(1_001) + "{{/a}}")
                        .field())
                .isEqualTo("body");
        assertThat(refusal(Channel.SMS, "t", "{{#a}}" + "x".repeat(1_001) + "{{/a}}"))
                .isNull();
    }

    @Test
    void breaksAndSpaceAroundATitleAreNotCutOff() {
        assertThat(refusal(Channel.EMAIL, " a\n b ", " b ")).isNull();
    }

    @Test
    void aRemovalFits() {
        assertThat(refusal(Channel.EMAIL, null, null)).isNull();
    }

    private static TemplateException refusal(Channel channel, String title, String body) {
        Template template = Template.compile(new TemplateChanged("acme", "comment", channel, "en", title, body, null));
        return catchThrowableOfType(TemplateException.class, template::checkFits);
    }
}
