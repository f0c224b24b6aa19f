package io.herald.topology.audience;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Gate;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import io.herald.topology.rules.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudienceTest {
    @ParameterizedTest(name = "{1}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            ann, -,      -,             nobody did it
            ann, bob,    -,             someone did
            ann, ann,    OWN_ACT,       the user did
            ann, ANN,    -,             case matters
            ann, cyd,    BLOCKED_ACTOR, the first of the list
            ann, dan,    BLOCKED_ACTOR, in the middle
            ann, troll,  BLOCKED_ACTOR, the last
            ann, tro,    -,             only the beginning of a name
            dan, dan,    OWN_ACT,       blocked by themselves: it is their own act first
            """)
    void saysWhyAUserIsNotToHearOfIt(String user, String actor, Reason reason, String why) {
        Profile profile = Profile.newBuilder()
                .setVersion(1)
                .setBlockedActors(List.of("cyd", "dan", "troll"))
                .build();
        assertThat(Audience.excluded(user, actor, profile, Rule.none("acme", "comment")))
                .isEqualTo(Optional.ofNullable(reason));
    }

    @ParameterizedTest(name = "{1} with {2} passed: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            ann, ann,   OWN_ACT, -,             the rule wants it told
            ann, ann,   BLOCK,   OWN_ACT,       another gate does not help
            ann, troll, BLOCK,   -,             a critical category
            ann, troll, OWN_ACT, BLOCKED_ACTOR, another gate does not help
            """)
    void aRuleLetsItsCategoryPass(String user, String actor, Gate passed, Reason reason, String why) {
        Profile profile = Profile.newBuilder()
                .setVersion(1)
                .setBlockedActors(List.of("troll"))
                .build();
        Rule rule = new Rule(
                RuleChanged.newBuilder()
                        .setTenant("acme")
                        .setCategory("comment")
                        .setPasses(List.of(passed))
                        .build(),
                1);
        assertThat(Audience.excluded(user, actor, profile, rule)).isEqualTo(Optional.ofNullable(reason));
    }
}
