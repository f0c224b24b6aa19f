package io.herald.topology.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.DeadLetter;
import io.herald.schema.Reason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLettersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final DeadLetters.Place PLACE = new DeadLetters.Place("device.changed", 3, 42);

    @Test
    void saysWhereAndWhy() {
        DeadLetter letter = DeadLetters.of(
                "intake",
                PLACE,
                NOW,
                Reason.INVALID,
                "token",
                "token is empty",
                "k".getBytes(UTF_8),
                "abc".getBytes(UTF_8));
        assertThat(letter)
                .isEqualTo(DeadLetter.newBuilder()
                        .setReason(Reason.INVALID)
                        .setField("token")
                        .setDetail("token is empty")
                        .setStage("intake")
                        .setTopic("device.changed")
                        .setPartition(3)
                        .setOffset(42)
                        .setAt(NOW)
                        .setKey(ByteBuffer.wrap("k".getBytes(UTF_8)))
                        .setValue(ByteBuffer.wrap("abc".getBytes(UTF_8)))
                        .setLength(3)
                        .setSha256(ByteBuffer.wrap(HexFormat.of()
                                .parseHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")))
                        .build());
    }

    @Test
    void aRecordMayHaveNeitherKeyNorValue() {
        DeadLetter letter = DeadLetters.of("intake", PLACE, NOW, Reason.UNREADABLE, null, "no value", null, null);
        assertThat(letter.getKey()).isNull();
        assertThat(letter.getValue()).isNull();
        assertThat(letter.getSha256()).isNull();
        assertThat(letter.getLength()).isZero();
        assertThat(letter.getField()).isNull();
    }

    @Test
    void anEmptyValueIsNotNone() {
        DeadLetter letter =
                DeadLetters.of("intake", PLACE, NOW, Reason.UNREADABLE, null, "empty", new byte[0], new byte[0]);
        assertThat(letter.getKey().remaining()).isZero();
        assertThat(letter.getValue().remaining()).isZero();
        assertThat(HexFormat.of().formatHex(letter.getSha256().array()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            262143,  262143, short enough
            262144,  262144, as long as may be
            262145,  262144, too long by one
            3000000, 262144, as long as a broker takes
            """)
    void carriesTheFirst256KilobytesAndTheHashOfAll(int length, int kept, String why) {
        byte[] value = new byte[length];
        new Random(length).nextBytes(value);
        byte[] before = value.clone();
        DeadLetter letter = DeadLetters.of("intake", PLACE, NOW, Reason.TOO_LARGE, null, "large", null, value);
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(value, 0, kept));
        assertThat(letter.getLength()).isEqualTo(length);
        assertThat(letter.getSha256().remaining()).isEqualTo(32);
        value[length - 1]++;
        assertThat(DeadLetters.of("intake", PLACE, NOW, Reason.TOO_LARGE, null, "large", null, value)
                        .getSha256())
                .as("the hash is of what was cut off, too")
                .isNotEqualTo(letter.getSha256());
        assertThat(Arrays.equals(Arrays.copyOf(before, length - 1), Arrays.copyOf(value, length - 1)))
                .as("the record is not touched")
                .isTrue();
    }

    @Test
    void keyAndDetailAreBounded() {
        DeadLetter letter = DeadLetters.of(
                "intake", PLACE, NOW, Reason.INVALID, null, "x".repeat(1_001), new byte[1_025], new byte[1]);
        assertThat(letter.getDetail()).hasSize(1_000);
        assertThat(letter.getKey().remaining()).isEqualTo(1_024);
    }

    @Test
    void aDetailIsNotCutInsideACharacter() {
        DeadLetter letter =
                DeadLetters.of("intake", PLACE, NOW, Reason.INVALID, null, "x".repeat(999) + "😀😀", null, null);
        assertThat(letter.getDetail()).isEqualTo("x".repeat(999) + "😀");
    }
}
