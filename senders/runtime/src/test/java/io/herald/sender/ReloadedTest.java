package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void takesAChangedFileOnceItMayLookAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "old");
        Reloaded<String> reloaded = reloaded(file);
        Files.writeString(file, "new");

        assertThat(reloaded.get()).as("too early to look").isEqualTo("key=old");
        nanos.addAndGet(INTERVAL.toNanos());
        assertThat(reloaded.get()).isEqualTo("key=new");
    }

    @Test
    void takesFilesThatComeAndGo() throws IOException {
        Files.writeString(folder.resolve("a"), "1");
        Reloaded<String> reloaded = reloaded(folder);
        Files.writeString(folder.resolve("b"), "2");
        Files.writeString(folder.resolve(".hidden"), "3");
        nanos.addAndGet(INTERVAL.toNanos());
        assertThat(reloaded.get()).isEqualTo("a=1 b=2");
        Files.delete(folder.resolve("a"));
        nanos.addAndGet(INTERVAL.toNanos());
        assertThat(reloaded.get()).isEqualTo("b=2");
    }

    @Test
    void makesNothingAnewWhereNothingChanged() throws IOException {
        Reloaded<String> reloaded = reloaded(Files.writeString(folder.resolve("key"), "old"));

        nanos.addAndGet(INTERVAL.toNanos());
        reloaded.get();

        assertThat(made).hasValue(1);
    }

    @Test
    void keepsTheOldWhereTheNewIsOfNoUse() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "old");
        Reloaded<String> reloaded = reloaded(file);

        Files.writeString(file, "bad");
        nanos.addAndGet(INTERVAL.toNanos());
        assertThat(reloaded.get()).isEqualTo("key=old");
        Files.delete(file);
        nanos.addAndGet(INTERVAL.toNanos());
        assertThat(reloaded.get()).isEqualTo("key=old");
        Files.writeString(file, "good");
        nanos.addAndGet(INTERVAL.toNanos());
        assertThat(reloaded.get()).isEqualTo("key=good");
    }

    @Test
    void wantsSomethingToBeginWith() {
        assertThatThrownBy(() -> reloaded(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    private Reloaded<String> reloaded(Path path) throws IOException {
        return new Reloaded<>(path, INTERVAL, this::made, nanos::get);
    }

    private String made(Map<String, byte[]> contents) {
        made.incrementAndGet();
        String text = contents.entrySet().stream()
                .map(each -> each.getKey() + "=" + new String(each.getValue(), UTF_8))
                .collect(Collectors.joining(" "));
        if (text.contains("bad")) {
            throw new IllegalArgumentException("bad");
        }
        return text;
    }
}
