package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Whatever the order of completions, and wherever it crashes: nothing is lost, and only what was open is repeated. */
class ProgressProperties {
    /** A partition's log with gaps, read by one owner after the other; each crashes at a random moment. */
    @Property(tries = 100)
    void losesNothingAndRepeatsOnlyWhatWasOpen(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 1_000) int records,
            @ForAll @IntRange(max = 5) int crashes) {
        Random random = new Random(seed);
        List<Long> log = log(random, records);
        Set<Long> doneAtMark = new HashSet<>();
        Map<Long, Integer> completed = new HashMap<>();
        OffsetAndMetadata mark = null;
        for (int owner = 0; owner <= crashes; owner++) {
            boolean last = owner == crashes;
            Progress progress = mark == null ? new Progress() : new Progress(mark);
            List<Long> open = new ArrayList<>();
            int lives = last ? Integer.MAX_VALUE : random.nextInt(2 * records);
            for (long offset : from(log, mark)) {
                if (lives-- <= 0) {
                    break;
                }
                boolean begun = progress.begin(offset);
                if (begun && doneAtMark.contains(offset)) {
                    throw new AssertionError(offset + " was done when the mark was made");
                }
                if (begun) {
                    open.add(offset);
                }
                while (!open.isEmpty() && random.nextInt(300) > 150 - Math.min(140, open.size())) {
                    complete(open.remove(random.nextInt(open.size())), progress, completed);
                }
            }
            if (last) {
                open.forEach(offset -> complete(offset, progress, completed));
            }
            mark = progress.mark().orElse(mark);
            assertThat(mark == null
                            || open.isEmpty()
                            || last
                            || mark.offset() <= open.stream().min(Long::compare).get())
                    .isTrue();
            doneAtMark = new HashSet<>(completed.keySet());
        }
        assertThat(completed.keySet()).containsExactlyInAnyOrderElementsOf(log);
        assertThat(completed.values()).as("times completed").containsOnly(1);
        assertThat(mark.offset()).isEqualTo(log.get(log.size() - 1) + 1);
    }

    /** A note that is too long for the broker ends early: some records repeat, and still none is lost. */
    @Property(tries = 20)
    void fitsTheBrokersLimitHoweverManyAreOpen(@ForAll long seed) {
        Random random = new Random(seed);
        List<Long> log = log(random, 20_000);
        Progress progress = new Progress();
        log.forEach(progress::begin);
        Set<Long> done = new HashSet<>(
                log.stream().filter(offset -> random.nextInt(3) > 0).toList());
        done.forEach(progress::complete);

        OffsetAndMetadata mark = progress.mark().orElseThrow();
        Progress after = new Progress(mark);
        Set<Long> again =
                new HashSet<>(from(log, mark).stream().filter(after::begin).toList());

        assertThat(mark.metadata().length()).isLessThanOrEqualTo(4_096);
        assertThat(again)
                .containsAll(
                        log.stream().filter(offset -> !done.contains(offset)).toList());
        assertThat(again.size()).isLessThan(log.size());
    }

    private static void complete(long offset, Progress progress, Map<Long, Integer> completed) {
        progress.complete(offset);
        completed.merge(offset, 1, Integer::sum);
    }

    private static List<Long> log(Random random, int records) {
        List<Long> log = new ArrayList<>();
        long offset = random.nextInt(1_000);
        for (int i = 0; i < records; i++) {
            log.add(offset);
            offset += random.nextInt(10) == 0 ? 2 + random.nextInt(200) : 1;
        }
        return log;
    }

    private static List<Long> from(List<Long> log, OffsetAndMetadata mark) {
        return log.stream()
                .filter(offset -> mark == null || offset >= mark.offset())
                .toList();
    }
}
