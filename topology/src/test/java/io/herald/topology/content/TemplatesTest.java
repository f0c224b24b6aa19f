package io.herald.topology.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.TemplateChanged;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesTest {
    private final Templates templates = new Templates();

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            de,          de,    the language
            de-CH,       de-CH, the tag itself
            de-AT,       de,    another country of the language
            de-x-abc,    de,    a variant of one's own
            pt-BR,       pt-BR, only for this country
            pt-PT,       en,    not for that one
            zh-Hant-TW,  zh-Hant, the language in its script
            zh-Hans-CN,  zh,    the language in another script
            zh-TW,       zh,    a country says nothing of a script
            de-CH-1996,  de-CH, an orthography
            sr-u-nu-x-y, en,    what a tag says besides its language
            de-u-co-phonebk, de, an extension goes with its letter
            x-de,        en,    a tag of one's own
            fr,          en,    a language that there is nothing for
            en-GB,       en,    English
            -,           en,    a user who never said
            """)
    void fallsBackTagByTagAndThenToEnglish(String locale, String found, String why) {
        for (String tag : new String[] {"en", "de", "de-CH", "pt-BR", "zh", "zh-Hant", "de-x"}) {
            templates.change(template("acme", "comment", Channel.PUSH, tag, tag));
        }
        assertThat(title("acme", "comment", Channel.PUSH, locale)).hasValue(found);
    }

    @ParameterizedTest(name = "{0} of {1}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            fr,    de,       de,    the only one there is
            -,     de,       de,    for a user who never said
            fr,    it es pl, es,    the first by its name
            pl-PL, it es pl, pl,    their own if there is one
            fr,    de en-GB, de,    British English is not what others fall back to
            en-US, de en,    en,    English
            """)
    void withoutEnglishSomeOtherIsBetterThanNone(String locale, String tags, String found, String why) {
        for (String tag : tags.split(" ", -1)) {
            templates.change(template("acme", "comment", Channel.PUSH, tag, tag));
        }
        assertThat(title("acme", "comment", Channel.PUSH, locale)).hasValue(found);
    }

    @Test
    void aTemplateServesItsOwnTenantCategoryAndChannel() {
        templates.change(template("acme", "comment", Channel.PUSH, "en", "x"));
        assertThat(title("other", "comment", Channel.PUSH, "en")).isEmpty();
        assertThat(title("acme", "like", Channel.PUSH, "en")).isEmpty();
        assertThat(title("acme", "comment", Channel.EMAIL, "en")).isEmpty();
    }

    @Test
    void aLaterTemplateReplacesAnEarlierOne() {
        templates.change(template("acme", "comment", Channel.PUSH, "en", "old"));
        templates.change(template("acme", "comment", Channel.PUSH, "en", "new"));
        assertThat(title("acme", "comment", Channel.PUSH, "en")).hasValue("new");
    }

    @Test
    void aRemovedTemplateFallsBackToo() {
        templates.change(template("acme", "comment", Channel.PUSH, "en", "en"));
        templates.change(template("acme", "comment", Channel.PUSH, "de", "de"));
        templates.change(template("acme", "comment", Channel.PUSH, "de", null));
        assertThat(title("acme", "comment", Channel.PUSH, "de")).hasValue("en");
        templates.change(template("acme", "comment", Channel.PUSH, "en", null));
        assertThat(title("acme", "comment", Channel.PUSH, "de")).isEmpty();
        assertThat(title("acme", "comment", Channel.PUSH, null)).isEmpty();
    }

    @Test
    void aCategoryHasTheChannelsThatAnyTemplateIsFor() {
        assertThat(templates.channels("acme", "comment")).isEmpty();
        templates.change(template("acme", "comment", Channel.EMAIL, "de", "x"));
        templates.change(template("acme", "comment", Channel.INBOX, "en", "x"));
        templates.change(template("acme", "like", Channel.PUSH, "en", "x"));
        assertThat(templates.channels("acme", "comment")).containsExactly(Channel.INBOX, Channel.EMAIL);
        templates.change(template("acme", "comment", Channel.INBOX, "en", null));
        assertThat(templates.channels("acme", "comment")).containsExactly(Channel.EMAIL);
    }

    @Test
    void removingWhatIsNotThereChangesNothing() {
        templates.change(template("acme", "comment", Channel.PUSH, "en", null));
        assertThat(templates.channels("acme", "comment")).isEmpty();
    }

    private Optional<String> title(String tenant, String category, Channel channel, String locale) {
        return templates.find(tenant, category, channel, locale).map(template -> template.render(Map.of())
                .title());
    }

    private static TemplateChanged template(
            String tenant, String category, Channel channel, String locale, String title) {
        return new TemplateChanged(tenant, category, channel, locale, title, title == null ? null : "body", null);
    }
}
