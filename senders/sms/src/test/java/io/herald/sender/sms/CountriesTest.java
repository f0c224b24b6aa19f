package io.herald.sender.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountriesTest {
    private final Countries countries = new Countries(List.of("+1", "!+1876", "+18765", "+49", "!+49900"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    +12125551234  | true  | listed
                    +18761234567  | false | an island that shares the code
                    +18765234567  | true  | the longest beginning decides
                    +4915112345   | true  | listed
                    +4990012345   | false | a premium range
                    +442071234567 | false | not listed
                    +4            | false | shorter than what is listed
                    """)
    void goesByTheLongestBeginning(String number, boolean allowed, String why) {
        assertThat(countries.allows(number)).as(why).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"49", "+0", "!49", "+49 ", "DE", "+", "+1,+2"})
    void refusesWhatIsNoBeginning(String entry) {
        assertThatThrownBy(() -> new Countries(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+49", "!+49"})
    void refusesWhatIsListedTwice(String entry) {
        assertThatThrownBy(() -> new Countries(List.of("+49", entry))).hasMessageContaining("twice");
    }
}
