package io.herald.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores on disk are used again only for as many partitions as they were made for. */
class LocalStateTest {
    private static final String ROUTER = "herald-router";

    @TempDir
    Path folder;

    private Path stateDir;
    private Path store;

    @BeforeEach
    void place() {
        stateDir = folder.resolve("streams");
        store = stateDir.resolve(ROUTER).resolve("0_1").resolve("rocksdb");
    }

    @Test
    void theyStayWhileThePartitionsDo() throws IOException {
        keepOnlyFor(4);
        live();
        keepOnlyFor(4);
        keepOnlyFor(4);
        assertThat(store).exists();
    }

    @Test
    void theyAreDroppedForOtherPartitions() throws IOException {
        keepOnlyFor(4);
        live();
        keepOnlyFor(8);
        assertThat(stateDir.resolve(ROUTER)).doesNotExist();
        live();
        keepOnlyFor(8);
        assertThat(store).exists();
        keepOnlyFor(16);
        assertThat(store).doesNotExist();
    }

    @Test
    void thoseOfABuildThatLeftNoNoteAreDropped() throws IOException {
        live();
        keepOnlyFor(4);
        assertThat(store).doesNotExist();
    }

    @Test
    void otherApplicationsAreLeftAlone() throws IOException {
        Path other = Files.createDirectories(stateDir.resolve("herald-intake").resolve("0_0"));
        live();
        keepOnlyFor(4);
        keepOnlyFor(8);
        assertThat(other).exists();
    }

    private void keepOnlyFor(int partitions) {
        LocalState.keepOnlyFor(partitions, stateDir, ROUTER);
    }

    private void live() throws IOException {
        Files.createDirectories(store.getParent());
        Files.writeString(store, "state");
    }
}
