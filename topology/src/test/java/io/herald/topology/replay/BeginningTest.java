package io.herald.topology.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.topology.snapshot.Manifest;
import io.herald.topology.snapshot.ToolRefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeginningTest {
    private static final Beginning.Mailbox MAILBOX =
            new Beginning.Mailbox("mailbox", List.of(10L, 10L), List.of(100L, 200L));

    @Test
    void theNewestThatIsBeforeEverythingToReplay() {
        Manifest tooNew = manifest("too-new", 100, 201);
        Manifest justBefore = manifest("just-before", 100, 200);
        Manifest older = manifest("older", 50, 50);
        assertThat(Beginning.choose(List.of(tooNew, justBefore, older), MAILBOX))
                .isEqualTo(justBefore);
    }

    @Test
    void whereThereIsNoneItIsSaidHowToTakeOne() {
        assertThatThrownBy(() -> Beginning.choose(List.of(), MAILBOX))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageEndingWith("and there is none. scripts/snapshot takes them");
    }

    @Test
    void ofEachItIsSaidWhyItWillNotDo() {
        List<Manifest> all = List.of(
                manifest("later", 101, 200),
                manifest("before-growth", 5),
                new Manifest(
                        "elsewhere",
                        Manifest.Kind.CUT,
                        "2026-03-02T10:00:00Z",
                        "1",
                        "herald-router",
                        "another",
                        List.of(50L, 50L),
                        Map.of(),
                        List.of()),
                manifest("too-old", 50, 9));
        assertThatThrownBy(() -> Beginning.choose(all, MAILBOX))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("snapshot later is of 2026-03-02T10:00:00Z, after --from")
                .hasMessageContaining("snapshot before-growth is of a mailbox of 1 partitions, before it had 2")
                .hasMessageContaining("snapshot elsewhere is of another mailbox")
                .hasMessageContaining(
                        "snapshot too-old ends at offset 9 of partition 1, and the mailbox begins only at 10");
    }

    private static Manifest manifest(String id, long... offsets) {
        return new Manifest(
                id,
                Manifest.Kind.CUT,
                "2026-03-02T10:00:00Z",
                "1",
                "herald-router",
                "mailbox",
                Arrays.stream(offsets).boxed().toList(),
                Map.of(),
                List.of());
    }
}
