package io.herald.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private Path key;
    private Path id;
    private SecretFiles<String> secret;

    @BeforeEach
    void write() throws Exception {
        key = Files.writeString(folder.resolve("key"), "old");
        id = Files.writeString(folder.resolve("id"), "1");
        secret = SecretFiles.read(List.of(key, id), SecretFilesTest::joined, nanos::get);
    }

    private static String joined(List<byte[]> contents) throws IOException {
        String text = new String(contents.get(0), UTF_8) + new String(contents.get(1), UTF_8);
        if (text.startsWith("bad")) {
            throw new IOException("bad");
        }
        return text;
    }

    private String later() {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(SecretFiles.EVERY_SECONDS));
        return secret.get();
    }

    @Test
    void takesWhatChangedOnceItStandsStill() throws Exception {
        Files.writeString(key, "new");
        assertThat(secret.get()).as("not read at each use").isEqualTo("old1");
        assertThat(later()).as("seen once, and the id may follow").isEqualTo("old1");

        Files.writeString(id, "2");
        assertThat(later()).as("still changing").isEqualTo("old1");
        assertThat(later()).isEqualTo("new2");
    }

    @Test
    void keepsWhatItHasWhenTheNewIsNone() throws Exception {
        Files.writeString(key, "bad");
        assertThat(List.of(later(), later(), later())).containsOnly("old1");

        Files.delete(key);
        assertThat(later()).isEqualTo("old1");

        Files.writeString(key, "good");
        assertThat(List.of(later(), later())).containsExactly("old1", "good1");
    }

    @Test
    void isTheSameObjectWhileNothingChanges() {
        assertThat(later()).isSameAs(secret.get());
        assertThat(later()).isSameAs(secret.get());
    }

    @Test
    void doesNotStartWithoutOne() throws Exception {
        Files.writeString(key, "bad");
        assertThatThrownBy(() -> SecretFiles.read(List.of(key, id), SecretFilesTest::joined))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SecretFiles.read(List.of(folder.resolve("none"), id), SecretFilesTest::joined))
                .isInstanceOf(IOException.class);
    }
}
