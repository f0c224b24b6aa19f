package io.herald.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.UserErased;
import io.herald.testkit.TestRegistry;
import io.herald.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KafkaWriterTest {
    /** The one thread that writes waits for metadata that do not come: for all together, and not for each anew. */
    @Test
    void failsAllThatWaitsTogetherWhereKafkaWasNeverThere() {
        try (TestRegistry registry = TestRegistry.start();
                KafkaWriter writer = new KafkaWriter(
                        "test",
                        Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", "1500"),
                        Map.of("schema.registry.url", registry.url()),
                        100)) {
            List<? extends CompletableFuture<?>> writes = Stream.generate(
                            () -> writer.write(Topics.USER_ERASED, new byte[0], new UserErased("demo", "ana"))
                                    .toCompletableFuture())
                    .limit(30)
                    .toList();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> writes.stream().allMatch(CompletableFuture::isCompletedExceptionally));
            assertThat(writer.isKeepingUp()).as("and one is tried again").isTrue();
        }
    }
}
