package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', textBlock = """
            5 6 7   |         | 5 | nothing is done
            5 6 7   | 5       | 6 | the first is done
            5 6 7   | 6       | 5 | a later one does not move the mark
            5 6 7   | 6 7     | 5 | however many are done behind it
            5 6 7   | 6 7 5   | 8 | the first one moves it past all of them
            5 9 12  | 5       | 9 | a gap is no record
            5 9 12  | 12 5 9  | 13| after the last comes what is read next
            """)
    void marksTheFirstThatIsNotDone(String begun, String done, long mark, String why) {
        Progress progress = new Progress();
        offsets(begun).forEach(progress::begin);
        offsets(done).forEach(progress::complete);

        assertThat(progress.mark()).map(OffsetAndMetadata::offset).hasValue(mark);
    }

    @Test
    void marksNothingBeforeTheFirstRecord() {
        assertThat(new Progress().mark()).isEmpty();
    }

    @Test
    void remembersWhatIsDoneBehindTheMark() {
        Progress before = new Progress();
        LongStream.range(100, 1_000).forEach(before::begin);
        LongStream.range(100, 1_000).filter(offset -> offset % 50 != 0).forEach(before::complete);

        Progress after = new Progress(before.mark().orElseThrow());

        assertThat(LongStream.range(100, 1_001).filter(after::begin))
                .containsExactly(
                        100L, 150L, 200L, 250L, 300L, 350L, 400L, 450L, 500L, 550L, 600L, 650L, 700L, 750L, 800L, 850L,
                        900L, 950L, 1_000L);
    }

    @Test
    void goesOnFromAMarkThatItMadeAfterGoingOn() {
        Progress first = new Progress();
        List.of(1L, 2L, 3L, 4L).forEach(first::begin);
        first.complete(3L);
        Progress second = new Progress(first.mark().orElseThrow());
        second.begin(1L);
        second.complete(1L);

        Progress third = new Progress(second.mark().orElseThrow());

        assertThat(LongStream.range(2, 6).filter(third::begin)).containsExactly(2L, 4L, 5L);
    }

    @Test
    void forgetsARecordThatTheLogHoldsNoLonger() {
        Progress before = new Progress();
        List.of(1L, 2L, 3L).forEach(before::begin);
        before.complete(2L);
        Progress after = new Progress(before.mark().orElseThrow());

        after.begin(3L);
        after.complete(3L);

        assertThat(after.mark()).map(OffsetAndMetadata::offset).hasValue(4L);
    }

    @Test
    void reachesPastTheEndOfATransaction() {
        Progress progress = new Progress();
        progress.begin(7);
        progress.complete(7);

        progress.reach(9);

        assertThat(progress.mark()).map(OffsetAndMetadata::offset).hasValue(9L);
    }

    @Test
    void repeatsRatherThanTrustANoteOfAnotherKind() {
        assertThat(new Progress(new OffsetAndMetadata(5, "1:not base64")).begin(5))
                .isTrue();
        assertThat(new Progress(new OffsetAndMetadata(5, "another program's")).begin(5))
                .isTrue();
    }

    private static List<Long> offsets(String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.trim().split(" +")).map(Long::valueOf).toList();
    }
}
