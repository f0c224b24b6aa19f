package io.herald.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeardTest {
    private static final List<String> INPUTS =
            List.of("inbox.acted", "contact.changed", "device.changed", "preference.changed", "subscription.changed");

    @ParameterizedTest(name = "{0} is {3}")
    @CsvSource(textBlock = """
            inbox.acted,           3, 1042, a3.1042
            contact.changed,       0,    0, c0.0
            device.changed,        1,   17, d1.17
            preference.changed,    3,   77, p3.77
            subscription.changed, 63,    9, s63.9
            """)
    void aReceiptNamesThePlaceOfAWrite(String topic, int partition, long offset, String text) {
        assertThat(Heard.at(topic, partition, offset)).hasToString(text).isEqualTo(Heard.parse(text));
    }

    @ParameterizedTest(name = "{3}: {0} covers {1}: {2}")
    @CsvSource(textBlock = """
            a3.1042 p3.77, a3.1042,       true,  the write itself
            a3.1043 p3.77, a3.1042,       true,  a later one in the same partition
            a3.1041 p3.77, a3.1042,       false, only earlier ones
            p3.77,         a3.1042,       false, none of this input
            a2.9999,       a3.1042,       false, another partition says nothing
            a3.1042 p3.77, a3.1042 p3.78, false, all that is asked for
            a3.1042 p3.78, a3.1042 p3.78, true,  both
            a3.1042,       '',            true,  nothing is asked for
            '',            a0.0,          false, nothing was heard
            """)
    void saysWhetherAWriteWasHeard(String heard, String asked, boolean covers, String why) {
        assertThat(Heard.parse(heard).covers(Heard.parse(asked))).isEqualTo(covers);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                " ",
                "a",
                "a3",
                "a3.",
                "3.4",
                "x3.4",
                "A3.4",
                "a3.4 ",
                "a3.4  p1.2",
                "a3.4 a3.5",
                "a-3.4",
                "a3.4;drop table",
                "a1234567890.1",
                "a1.1234567890123456789",
                "a1.1 c1.1 d1.1 p1.1 s1.1 a1.2"
            })
    void refusesWhatIsNoReceipt(String text) {
        assertThatThrownBy(() -> Heard.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"presence.changed", "", "mailbox"})
    void refusesTopicsThatUsersDoNotWrite(String topic) {
        assertThatThrownBy(() -> Heard.at(topic, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void readsTheTextThatItWrites(@ForAll("heard") Heard heard) {
        assertThat(Heard.parse(heard.toString())).isEqualTo(heard).hasSameHashCodeAs(heard);
    }

    @Property
    void coversWhatWasHeardLast(@ForAll("heard") Heard before, @ForAll("heard") Heard newer) {
        assertThat(before.then(newer).covers(newer)).isTrue();
        assertThat(before.covers(before)).isTrue();
        assertThat(Heard.NOTHING.then(newer)).isEqualTo(newer);
    }

    @Property
    void whatIsHeardLaterInAPartitionCoversWhatWasHeardBefore(
            @ForAll("heard") Heard before,
            @ForAll("inputs") String input,
            @ForAll @LongRange(max = 1_000_000) long offset,
            @ForAll @LongRange(max = 1_000_000) long later) {
        Heard then = before.then(Heard.at(input, 3, offset)).then(Heard.at(input, 3, offset + later));
        assertThat(then.covers(Heard.at(input, 3, offset))).isTrue();
        assertThat(then.covers(Heard.at(input, 3, offset + later + 1))).isFalse();
    }

    @Provide
    Arbitrary<String> inputs() {
        return Arbitraries.of(INPUTS);
    }

    @Provide
    Arbitrary<Heard> heard() {
        Arbitrary<Heard> one = Combinators.combine(
                        inputs(),
                        Arbitraries.integers().between(0, 4096),
                        Arbitraries.longs().between(0, 1L << 53))
                .as(Heard::at);
        return one.list().ofMaxSize(5).map(all -> all.stream().reduce(Heard.NOTHING, Heard::then));
    }
}
