package io.herald.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysCommandTest {
    private static final Map<String, String> NOWHERE = Map.of(
            "database.url", "jdbc:postgresql://127.0.0.1:1/none", "database.user", "x", "database.password", "x");

    /** Before PostgreSQL is asked for anything. */
    @ParameterizedTest(name = "keys {0}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                              | say create, list or revoke
            make                                                            | say create, list or revoke, not make
            create                                                          | --tenant is missing
            create --tenant                                                 | each with a value
            create --tenat a                                                | create takes
            create --tenant A --name n --scopes read                        | --tenant must be
            create --tenant a --name n --scopes write                       | there is no scope write
            create --tenant a --name n --scopes read --per-second 0         | --per-second must be a positive number
            create --tenant a --name n --scopes read --burst many           | --burst must be a positive number
            list all                                                        | list takes nothing
            revoke                                                          | revoke takes the id of one key
            """)
    void saysWhatIsWrong(String line, String reason) {
        List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" ", -1));

        assertThatThrownBy(() -> KeysCommand.run(words, NOWHERE, System.out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
