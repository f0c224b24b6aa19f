package io.herald.topology.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Channel;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.Unless;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesFileTest {
    @Test
    void whatIsLeftOutHasItsDefault() {
        List<RuleChanged> rules = RulesFile.parse("""
                [
                  {"tenant": "acme", "category": "comment", "channels": ["INBOX", "PUSH"], "expiryMs": 60000,
                   "steps": [{"channel": "EMAIL", "afterMs": 3600000, "unless": "SEEN"}]},
                  {"tenant": "acme", "category": "news", "removed": true}
                ]
                """);

        assertThat(rules)
                .containsExactly(
                        RuleChanged.newBuilder()
                                .setTenant("acme")
                                .setCategory("comment")
                                .setChannels(List.of(Channel.INBOX, Channel.PUSH))
                                .setExpiryMs(60_000L)
                                .setSteps(List.of(Step.newBuilder()
                                        .setChannel(Channel.EMAIL)
                                        .setAfterMs(3_600_000)
                                        .setUnless(Unless.SEEN)
                                        .build()))
                                .build(),
                        RuleChanged.newBuilder()
                                .setTenant("acme")
                                .setCategory("news")
                                .setRemoved(true)
                                .build());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            # rules                                                              | reason
            {"tenant":"acme"}                                                    | the rules are not a JSON list with rules in it
            []                                                                   | the rules are not a JSON list with rules in it
            [{"tenant":"acme"                                                    | the rules are not JSON
            [7]                                                                  | rule 1: the record is not an object
            [{"tenant":"acme"}]                                                  | rule 1: /category is missing
            [{"tenant":"acme","category":"a","chanels":[]}]                      | rule 1: /chanels is not known here
            [{"tenant":"acme","category":"a","channels":["FAX"]}]                | rule 1: /channels/0 is not one of
            [{"tenant":"acme","category":"a","channels":"PUSH"}]                 | rule 1: /channels is not a list
            [{"tenant":"acme","category":"a","attempts":"3"}]                    | rule 1: /attempts is not a whole number
            [{"tenant":"acme","category":"a","attempts":3000000000}]             | rule 1: /attempts is not a whole number
            [{"tenant":"acme","category":"a","removed":"yes"}]                   | rule 1: /removed is not true or false
            [{"tenant":"acme","category":"a","tenant":"b"}]                      | Duplicate
            [{"tenant":"acme","category":"a"},{"tenant":"acme","category":"a"}]  | rule 2: there is another rule of the category a
            [{"tenant":"acme","category":"a","attempts":11}]                     | rule 1: attempts
            """)
    void aWrongRuleIsRefusedWithItsField(String text, String reason) {
        assertThatThrownBy(() -> RulesFile.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> RulesFile.read(Path.of("no", "such.json")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no/such.json cannot be read");
    }
}
