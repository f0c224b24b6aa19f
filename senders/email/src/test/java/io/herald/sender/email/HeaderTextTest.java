package io.herald.sender.email;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderTextTest {
    @Test
    void quotesPlainNames() {
        assertThat(HeaderText.mailbox("Ann \"A\\B\" O'Neil, Jr.", "a@b.c"))
                .isEqualTo("\"Ann \\\"A\\\\B\\\" O'Neil, Jr.\" <a@b.c>");
    }

    @Test
    void leavesOutAnEmptyName() {
        assertThat(HeaderText.mailbox(null, "a@b.c")).isEqualTo("a@b.c");
        assertThat(HeaderText.mailbox(" \r\n", "a@b.c")).isEqualTo("a@b.c");
    }

    @Test
    void cutsEncodedWordsBetweenCharacters() {
        String mailbox = HeaderText.mailbox("x" + "👩".repeat(40), "a@b.c");

        assertThat(mailbox.split(" "))
                .filteredOn(word -> word.startsWith("=?"))
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        word -> assertThat(word).hasSizeLessThanOrEqualTo(75).endsWith("?="));
        assertThat(mailbox).isASCII();
    }

    @Test
    void shortensLongNames() {
        assertThat(HeaderText.mailbox("n".repeat(5_000), "a@b.c")).hasSize(100 + "\"\" <a@b.c>".length());
    }

    @Test
    void keepsMarksThatRightToLeftTextNeeds() {
        assertThat(HeaderText.line("\u200fשלום\u200d")).isEqualTo("\u200fשלום\u200d");
    }
}
