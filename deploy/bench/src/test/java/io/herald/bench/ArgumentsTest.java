package io.herald.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final List<String> KNOWN = List.of("router", "priority");

    @Test
    void optionsStandAnywhere() {
        assertThat(Arguments.parse(List.of("--json", "out.json", "router", "--quick"), KNOWN))
                .isEqualTo(new Arguments("router", true, Optional.of(Path.of("out.json"))));
        assertThat(Arguments.parse(List.of("priority"), KNOWN))
                .isEqualTo(new Arguments("priority", false, Optional.empty()));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            '',                 'there are: router, priority',           nothing asked for
            senders,            'no benchmark senders; there are: ',     an unknown name
            router priority,    one benchmark at a time,                 two names
            router --fast,      unknown option --fast,                   an unknown option
            router --json,      --json wants a file,                     an option without its value
            """)
    void refuses(String line, String message, String reason) {
        List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" +", -1));

        assertThatThrownBy(() -> Arguments.parse(words, KNOWN))
                .as(reason)
                .isInstanceOf(Arguments.WrongArgumentsException.class)
                .hasMessageContaining(message);
    }
}
