package io.herald.topology.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneBreakerTest {
    @ParameterizedTest(name = "{0} there, then {1} gone: {3}")
    @CsvSource(textBlock = """
            0,   0,   false, nothing was seen
            0,   49,  false, too few to say
            0,   50,  true,  all of enough
            39,  10,  false, too few to say
            40,  10,  false, a fifth is not too many
            39,  11,  true,  more than a fifth is
            160, 40,  false, a fifth of all that is remembered
            159, 41,  true,  one more
            500, 40,  false, what is beyond the window does not count
            500, 41,  true,  nor does it help
            """)
    void opensWhenMoreThanAFifthIsGone(int there, int gone, boolean open, String why) {
        assertThat(after(after(PruneBreaker.NEW, there, false), gone, true).open())
                .isEqualTo(open);
    }

    @Test
    void closesAgainWhenAddressesAreThereAgain() {
        PruneBreaker broken = after(PruneBreaker.NEW, 200, true);
        assertThat(after(broken, 159, false).open()).isTrue();
        assertThat(after(broken, 160, false).open()).isFalse();
        assertThat(after(broken, 200, false).gone()).isZero();
    }

    @Property(tries = 200)
    void itIsAListOfTheLastTwoHundred(@ForAll @Size(max = 450) List<Boolean> outcomes) {
        PruneBreaker breaker = PruneBreaker.NEW;
        for (boolean gone : outcomes) {
            breaker = breaker.after(gone);
        }
        List<Boolean> window = outcomes.subList(Math.max(0, outcomes.size() - 200), outcomes.size());
        int gone = (int) window.stream().filter(each -> each).count();
        assertThat(breaker.seen()).isEqualTo(window.size());
        assertThat(breaker.gone()).isEqualTo(gone);
        assertThat(breaker.open()).isEqualTo(window.size() >= 50 && gone > 0.2 * window.size());
        assertThat(PruneBreaker.of(breaker.bytes())).isEqualTo(breaker);
    }

    @Test
    void noBytesAreANewOneAndOthersAreRefused() {
        assertThat(PruneBreaker.of(new byte[0])).isEqualTo(PruneBreaker.NEW);
        assertThatThrownBy(() -> PruneBreaker.of(new byte[7])).isInstanceOf(IllegalArgumentException.class);
    }

    private static PruneBreaker after(PruneBreaker breaker, int times, boolean gone) {
        PruneBreaker after = breaker;
        for (int time = 0; time < times; time++) {
            after = after.after(gone);
        }
        return after;
    }
}
