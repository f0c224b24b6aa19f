package io.herald.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules are pure: no Kafka, no clock, no chance. What decides is in the arguments. */
class RulesKnowNoKafkaTest {
    private static final Path MAIN = Path.of("src/main/java/io/herald/topology");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dedup",
                "audience",
                "preferences",
                "timing",
                "address",
                "content",
                "inbox",
                "route",
                "feedback",
                "ledger",
                "identity",
                "deadletter",
                "rules",
                "caps",
                "digest",
                "presence",
                "profile"
            })
    void aStageImportsNoKafka(String stage) {
        assertThat(sources(MAIN.resolve(stage))).isNotEmpty().allSatisfy(source -> assertThat(read(source))
                .as(source.toString())
                .doesNotContain("org.apache.kafka"));
    }

    @Test
    void thePlanningHalfOfTheRouterImportsNoKafka() {
        List<String> planning = List.of(
                "Planner.java",
                "Plan.java",
                "Draft.java",
                "NotificationPipeline.java",
                "DeliveryPipeline.java",
                "Holding.java",
                "InboxWrites.java",
                "Deadlines.java",
                "RouterState.java");
        assertThat(planning)
                .allSatisfy(name -> assertThat(read(MAIN.resolve("router").resolve(name)))
                        .as(name)
                        .doesNotContain("org.apache.kafka"));
    }

    @Test
    void onlyTheLagWatchReadsAClock() {
        assertThat(sources(MAIN))
                .filteredOn(source -> read(source)
                        .matches("(?s).*(System\\.(currentTimeMillis|nanoTime)|Instant\\.now|Math\\.random|new Random|"
                                + "randomUUID).*"))
                .extracting(source -> source.getFileName().toString())
                .containsExactly("RouterLag.java");
    }

    private static List<Path> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
