package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FittingTextTest {
    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            # text,     bytes, result,  reason
            hello,      7,     [hello], it fits
            hello!,     7,     [he…],   the ellipsis takes three bytes
            ééééé,      9,     [éé…],   an accent takes two
            a👩🏽‍🚀b,      10,    [a…],    an emoji of several parts stays whole
            ae\u0301wxyz, 9,    [ae\u0301…], an accent stays with its letter
            hello,      5,     […],     no room for anything
            hello,      2,     […],     not even for the brackets
            """)
    void endsWhereTheRoomDoes(String text, int bytes, String result, String reason) {
        assertThat(FittingText.fit(text, bytes, each -> "[" + each + "]"))
                .as(reason)
                .isEqualTo(result);
    }
}
