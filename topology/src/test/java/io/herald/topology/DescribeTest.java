package io.herald.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.topology.intake.IntakeProcessor;
import io.herald.topology.router.RouterProcessor;
import io.herald.topology.status.StatusProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * The shape of the topologies. A change of a golden file is a migration: stores, changelogs and tasks go by these
 * names, so the CHANGELOG says what becomes of the state.
 */
class DescribeTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final Topology intake =
            IntakeTopology.build(() -> new IntakeProcessor(Map.of(), Map.of(), null, Duration.ofMillis(250)));
    private final Topology router = RouterTopology.build(() -> new RouterProcessor(Map.of(), 0));

    private final Topology status = StatusTopology.build(() -> new StatusProcessor(Map.of(), Set.of()));

    @Test
    void intakeIsAsItWas() throws IOException {
        compare(intake, "intake.txt");
    }

    @Test
    void theRouterIsAsItWas() throws IOException {
        compare(router, "router.txt");
    }

    @Test
    void theOneForStatusesIsAsItWas() throws IOException {
        compare(status, "status.txt");
    }

    @Test
    void eachIsOneSubTopology() {
        assertThat(intake.describe().subtopologies()).hasSize(1);
        assertThat(router.describe().subtopologies()).hasSize(1);
        assertThat(status.describe().subtopologies()).hasSize(1);
    }

    @Test
    void everyNodeHasANameOfItsOwn() {
        assertThat(intake.describe().toString() + router.describe() + status.describe())
                .doesNotContainPattern("(KSTREAM|KTABLE|PROCESSOR|STORE)-[0-9]");
    }

    // The description is left in target, to be looked at and, where the change is meant, to be copied.
    private static void compare(Topology topology, String name) throws IOException {
        String description = topology.describe().toString();
        Files.writeString(Path.of("target").resolve(name), description);
        assertThat(description).isEqualTo(Files.readString(GOLDEN.resolve(name)));
    }
}
