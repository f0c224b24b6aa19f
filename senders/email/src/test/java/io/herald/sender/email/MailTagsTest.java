package io.herald.sender.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailTagsTest {
    private static MailTags of(String user) {
        return new MailTags("acme", user, "n-1", "d-1", "comment", "a-1");
    }

    @Property
    void comeBackAsTheyWere(@ForAll("ids") String user, @ForAll("ids") String addressId) {
        MailTags tags = new MailTags("acme", user, "n-1", "d-1", "order.shipped", addressId);

        assertThat(MailTags.read(tags.tags()::get)).contains(tags);
        assertThat(tags.tags().values()).allMatch(value -> value.matches("[A-Za-z0-9_-]{1,256}"));
        assertThat(tags.tags().keySet()).allMatch(name -> name.matches("[A-Za-z0-9_-]{1,256}"));
        assertThat(tags.tags()).hasSizeLessThan(50);
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("aZ09_-").ofMaxLength(128),
                Arbitraries.strings().ascii().ofMaxLength(128),
                Arbitraries.strings().withCharRange('\u0800', '\uD7FF').ofMaxLength(128));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            ann,          ann,                readable where it can be
            7f0c-1_A,     7f0c-1_A,           readable where it can be
            -ann,         -ann,               one dash marks nothing
            ann@home,     --YW5uQGhvbWU,      SES takes no @
            --YW5u,       --LS1ZVzV1,         looks encoded, and is not
            '',           --,                 SES takes no empty tag
            """)
    void encodesWhatSesRefuses(String user, String tag, String why) {
        assertThat(of(user).tags()).as(why).containsEntry("user", tag);
    }

    @Test
    void goesOnInASecondTag() {
        Map<String, String> tags = of("\u20AC".repeat(128)).tags();

        assertThat(tags.get("user")).hasSize(256);
        assertThat(tags.get("user-2")).hasSize(256);
        assertThat(tags.get("user-3")).hasSize(2);
    }

    @Test
    void areNobodysIfOneIsMissing() {
        for (String missing : of("ann").tags().keySet()) {
            Map<String, String> tags = new HashMap<>(of("ann").tags());
            tags.remove(missing);

            assertThat(MailTags.read(tags::get)).as(missing).isEmpty();
        }
    }

    @Test
    void areNobodysIfOneIsNoBase64() {
        Map<String, String> tags = new HashMap<>(of("ann").tags());
        tags.put("user", "--a");

        assertThat(MailTags.read(tags::get)).isEmpty();
    }
}
