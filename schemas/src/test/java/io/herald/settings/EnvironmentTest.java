package io.herald.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void readsWhatIsForTheProcessAndNothingElse() {
        Map<String, String> environment =
                Map.of("HERALD_INGEST_DATABASE_URL", "jdbc:A_B", "HERALD_GATEWAY_PORT", "1", "PATH", "/bin");

        assertThat(Environment.properties("HERALD_INGEST_", environment))
                .containsExactly(Map.entry("database.url", "jdbc:A_B"));
    }
}
