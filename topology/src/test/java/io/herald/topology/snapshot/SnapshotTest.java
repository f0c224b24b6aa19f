package io.herald.topology.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.topology.router.RouterStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a snapshot is what was put there; what is not whole is not a snapshot. */
class SnapshotTest {
    private static final StateEntry EMPTY = new StateEntry(Bytes.wrap(new byte[0]), Bytes.wrap(new byte[0]), -1);

    @TempDir
    Path folder;

    @Test
    void holdsEveryEntryOfEveryStoreAndPartition() {
        Snapshot written = write("one", "2026-03-02T10:00:00Z");
        Snapshot read = Snapshot.in(folder.resolve("one"));

        read.verify();
        assertThat(read.manifest()).isEqualTo(written.manifest());
        assertThat(read.manifest().mailboxOffsets()).containsExactly(0L, 1L);
        for (String store : RouterStores.NAMES) {
            for (int partition = 0; partition < 2; partition++) {
                assertThat(TestSnapshots.read(read, store, partition))
                        .containsExactlyElementsOf(entries(store, partition));
            }
        }
    }

    @Test
    void theSameStateGivesTheSameFiles() {
        assertThat(write("one", "2026-03-02T10:00:00Z").manifest().files())
                .isEqualTo(write("two", "2026-03-02T11:00:00Z").manifest().files());
    }

    @Test
    void tellsADamagedFileByAnyOneBit() throws IOException {
        Snapshot snapshot = write("one", "2026-03-02T10:00:00Z");
        Path file = folder.resolve("one").resolve("pending-1.entries");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] broken = whole.clone();
            broken[at] ^= 1;
            Files.write(file, broken);
            assertThatThrownBy(snapshot::verify)
                    .as("bit of byte %d", at)
                    .isInstanceOf(ToolRefusedException.class)
                    .hasMessageContaining("pending-1.entries is damaged");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(snapshot::verify).hasMessageContaining("is damaged");
        Files.delete(file);
        assertThatThrownBy(snapshot::verify).hasMessageContaining("pending-1.entries is missing");
    }

    @Test
    void aLengthThatNoEntryHasIsDamageAndNotAnAllocation() throws IOException {
        write("one", "2026-03-02T10:00:00Z");
        Path file = folder.resolve("one").resolve("pending-0.entries");
        Files.write(file, new byte[] {0x7f, 0, 0, 0});
        assertThatThrownBy(() -> EntryFile.read(file, entry -> {}))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("no entry has a length of");
    }

    @Test
    void oneThatWasCutShortIsNotThere() {
        SnapshotWriter writer = new SnapshotWriter(folder, "half");
        writer.add(RouterStores.PROFILES, 0, entries(RouterStores.PROFILES, 0)::forEach);

        assertThat(Snapshot.all(folder)).isEmpty();
        assertThatThrownBy(() -> Snapshot.in(folder.resolve("half")))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("no complete snapshot");
        assertThat(write("half", "2026-03-02T10:00:00Z").manifest().id()).isEqualTo("half");
    }

    @Test
    void oneIsNeverWrittenOver() {
        write("one", "2026-03-02T10:00:00Z");
        assertThatThrownBy(() -> write("one", "2026-03-02T11:00:00Z"))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void theNewestComesFirst() {
        write("b", "2026-03-02T10:00:00Z");
        write("a", "2026-03-02T12:00:00Z");
        write("c", "2026-03-02T11:00:00Z");
        assertThat(Snapshot.all(folder))
                .extracting(snapshot -> snapshot.manifest().id())
                .containsExactly("a", "c", "b");
    }

    private Snapshot write(String id, String at) {
        return TestSnapshots.write(folder, id, 2, at, SnapshotTest::entries);
    }

    private static List<StateEntry> entries(String store, int partition) {
        return List.of(
                EMPTY,
                new StateEntry(
                        Bytes.wrap((store + partition).getBytes(UTF_8)),
                        Bytes.wrap(new byte[] {0, -1, 1}),
                        1_772_445_600_000L + partition));
    }
}
