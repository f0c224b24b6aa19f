package io.herald.sender.sms;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SegmentsProperties {
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> plain = Arbitraries.of("a", "b", " ", "é", "{", "€", "\n");
        Arbitrary<String> any = Arbitraries.of("a", "€", "’", "😀", "👩🏽‍🚀", "漢");
        return Arbitraries.oneOf(
                plain.list().ofMaxSize(900).map(list -> String.join("", list)),
                any.list().ofMaxSize(400).map(list -> String.join("", list)));
    }

    @Property
    void losesAndTearsNothing(@ForAll("texts") String text) {
        Segments segments = Segments.of(text);

        assertThat(String.join("", segments.parts())).isEqualTo(text);
        assertThat(segments.parts()).allSatisfy(part -> {
            assertThat(part).isNotEmpty();
            assertThat(Character.isLowSurrogate(part.charAt(0))).isFalse();
            assertThat(Character.isHighSurrogate(part.charAt(part.length() - 1)))
                    .isFalse();
            assertThat(segments.encoding().units(part))
                    .isLessThanOrEqualTo(segments.encoding().most(segments.count() == 1));
        });
    }

    @Property
    void fillsEverySegmentButTheLast(@ForAll("texts") String text) {
        Segments segments = Segments.of(text);

        // What is left over is less than a character of two units.
        assertThat(segments.parts().stream().limit(Math.max(0, segments.count() - 1)))
                .allSatisfy(part -> assertThat(segments.encoding().units(part))
                        .isGreaterThanOrEqualTo(segments.encoding().most(false) - 1));
    }

    @Property
    void neverTakesFewerForMore(@ForAll("texts") String text, @ForAll("texts") String more) {
        assertThat(Segments.of(text + more).count())
                .isGreaterThanOrEqualTo(Segments.of(text).count());
    }
}
