package io.herald.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SinkTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "HERALD_DB_URL", "jdbc:postgresql://127.0.0.1:1/herald",
            "HERALD_DB_USER", "herald",
            "HERALD_DB_PASSWORD", "a\"b\\c$1",
            "HERALD_REGISTRY_URL", "http://127.0.0.1:2/apis/ccompat/v7",
            "HERALD_SINK_TASKS", "3");

    @ParameterizedTest
    @EnumSource
    void fillsInEveryPlaceholder(Sink sink) throws JsonProcessingException {
        JsonNode config = new ObjectMapper().readTree(sink.config(SETTINGS));

        assertThat(config.path("connection.url").asText()).startsWith("jdbc:postgresql://127.0.0.1:1/herald");
        assertThat(config.path("connection.password").asText()).isEqualTo("a\"b\\c$1");
        assertThat(config.path("tasks.max").asText()).isEqualTo("3");
        assertThat(config.path("key.converter.schema.registry.url").asText())
                .isEqualTo("http://127.0.0.1:2/apis/ccompat/v7");
        assertThat(config.toString()).doesNotContain("${");
    }

    @ParameterizedTest
    @EnumSource
    void readsOnlyWhatIsCommitted(Sink sink) throws JsonProcessingException {
        JsonNode config = new ObjectMapper().readTree(sink.config(SETTINGS));

        assertThat(config.path("consumer.override.isolation.level").asText()).isEqualTo("read_committed");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            INBOX,   'inbox.item,inbox.mark,inbox.user'
            PROFILE, profile.state
            LEDGER,  'ledger.state,broadcast.state'
            FORGET,  user.forgotten
            """)
    void readsTopicsOfItsOwn(Sink sink, String topics) throws JsonProcessingException {
        assertThat(new ObjectMapper()
                        .readTree(sink.config(SETTINGS))
                        .path("topics")
                        .asText())
                .isEqualTo(topics);
    }

    @ParameterizedTest
    @EnumSource
    void namesWhatIsMissing(Sink sink) {
        Map<String, String> incomplete = new HashMap<>(SETTINGS);
        incomplete.remove("HERALD_DB_USER");

        assertThatThrownBy(() -> sink.config(incomplete))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HERALD_DB_USER");
    }
}
