package io.herald.sender.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallbackConfigTest {
    @Test
    void hearsNothingByDefault() {
        CallbackConfig config = CallbackConfig.from(Map.of());

        assertThat(config).isEqualTo(new CallbackConfig("127.0.0.1", -1, ""));
        assertThat(config.listens()).isFalse();
    }

    @Test
    void takesEveryKey() {
        CallbackConfig config = CallbackConfig.from(Map.of(
                "callback.host", "0.0.0.0", "callback.port", "0", "callback.public.url", "https://hooks.example/sms"));

        assertThat(config).isEqualTo(new CallbackConfig("0.0.0.0", 0, "https://hooks.example/sms"));
        assertThat(config.listens()).isTrue();
    }

    @Test
    void knowsAUrlThatAnotherProcessHears() {
        assertThat(CallbackConfig.from(Map.of("callback.public.url", "https://hooks.example/sms"))
                        .listens())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    80   | ''                         | a signature cannot be checked without it
                    80   | hooks.example              | no scheme
                    80   | ftp://hooks.example/sms    | no HTTP
                    80   | https://hooks.example/?a=b | callbacks bring their own query
                    80   | https://hooks.example/#a   | never sent
                    80   | not a url                  | not a URL
                    -1   | not a url                  | wrong even where it is only told
                    """)
    void refusesWhatCannotWork(String port, String url, String why) {
        assertThatThrownBy(() -> CallbackConfig.from(Map.of("callback.port", port, "callback.public.url", url)))
                .as(why)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("callback.public.url");
    }
}
