package io.herald.topology.audience;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.AttributeFilter;
import io.herald.schema.Pair;
import io.herald.schema.Profile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    /** The user's plan is 'pro', the country 'de', the team empty. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                          true,  nothing is asked for
            plan=pro,                   true,  the value
            plan=free,                  false, another value
            plan=free|pro,              true,  one of the values
            plan=PRO,                   false, case matters
            plan=pr,                    false, only the beginning of a value
            plan=pro country=de,        true,  both
            plan=pro country=at|ch,     false, only the first
            plan=free country=de,       false, only the second
            plan=pro plan=pro,          true,  the same twice
            plan=pro plan=free,         false, what nobody can have
            age=7,                      false, an attribute that the user does not have
            plan=pro age=7,             false, one of two is missing
            team=,                      true,  an empty value is a value
            age=,                       false, none at all is no empty value
            """)
    void everyFilterMustFindOneOfItsValues(String filters, boolean match, String why) {
        Profile profile = Profile.newBuilder()
                .setVersion(1)
                .setAttributes(List.of(new Pair("country", "de"), new Pair("plan", "pro"), new Pair("team", "")))
                .build();
        assertThat(Filters.match(profile, filters(filters))).isEqualTo(match);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,        true,  everyone is everyone
            plan=pro, false, who never said anything has no plan
            """)
    void aUserWithoutAttributesMatchesOnlyEveryone(String filters, boolean match, String why) {
        Profile nobody = Profile.newBuilder().setVersion(0).build();
        assertThat(Filters.match(nobody, filters(filters))).isEqualTo(match);
    }

    private static List<AttributeFilter> filters(String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(" "))
                        .map(each -> each.split("=", 2))
                        .map(parts -> new AttributeFilter(parts[0], List.of(parts[1].split("\\|", -1))))
                        .toList();
    }
}
