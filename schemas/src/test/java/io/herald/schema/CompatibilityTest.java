package io.herald.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every schema reads, and is read by, every frozen version of itself; see history/README.md for how to freeze. */
class CompatibilityTest {
    private static final Path HISTORY = Path.of("src/test/resources/history");
    // The mailbox gained kinds of records: only the router reads it, and is upgraded before intake.
    private static final String MAILBOX = "Mail";
    // State that waits gained kinds: only the router reads it. One that is rolled back starts from a snapshot.
    private static final Set<String> WAITING = Set.of("Pending", "PendingKind");
    // An inbox item can be dismissed: only intake and the router read this, and are upgraded before gateways.
    private static final Set<String> ACTS = Set.of("InboxAct", "InboxActed");
    // A user may have webhooks: only intake and the router read contacts, and are upgraded before their producers.
    private static final Set<String> CONTACTS =
            Set.of("ContactKind", "Contact", "ContactChanged", "AddressReported", "Profile");
    private static final Set<String> READERS_FIRST = Stream.of(Set.of(MAILBOX), WAITING, ACTS, CONTACTS)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    static List<Path> versions() throws IOException {
        try (Stream<Path> folders = Files.list(HISTORY)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void versionsAreNumberedFromOne() throws IOException {
        assertThat(versions().stream().map(folder -> folder.getFileName().toString()))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, versions().size())
                                .mapToObj(number -> "v" + number)
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everySchemaIsCompatibleBothWays(Path version) {
        Map<String, Schema> frozen = SchemaFolder.read(version);
        assertThat(frozen).isNotEmpty();
        assertThat(Compatibility.faults(frozen, SchemaFolder.read(SchemaFolder.CURRENT), READERS_FIRST))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing changed             | 'string a' | 'A,B default B' | 'string a'               | 'A,B default B'   |
            an optional field added     | 'string a' | 'A,B default B' | 'string a, string? b'    | 'A,B default B'   |
            an optional field removed   | 'string a, string? b' | 'A' | 'string a'                | 'A'               |
            a required field added      | 'string a' | 'A,B default B' | 'string a, string b'     | 'A,B default B'   | old records cannot
            a required field removed    | 'string a, string b' | 'A'  | 'string a'               | 'A'               | records cannot be read by an old
            a field renamed             | 'string a' | 'A,B default B' | 'string z'               | 'A,B default B'   | cannot
            a type changed              | 'string a' | 'A,B default B' | 'long a'                 | 'A,B default B'   | cannot
            int made long               | 'int a'    | 'A,B default B' | 'long a'                 | 'A,B default B'   | records cannot be read by an old
            a symbol, with a default    | 'string a' | 'A,B default B' | 'string a'               | 'A,B,C default B' |
            a symbol, without           | 'string a' | 'A,B'           | 'string a'               | 'A,B,C'           | records cannot be read by an old
            a symbol removed, without   | 'string a' | 'A,B'           | 'string a'               | 'A'               | old records cannot
            """)
    void findsWhatBreaksAReader(
            String change, String oldFields, String oldSymbols, String fields, String symbols, String fault) {
        List<String> faults = Compatibility.faults(types(oldFields, oldSymbols), types(fields, symbols), Set.of());
        if (fault == null) {
            assertThat(faults).isEmpty();
        } else {
            assertThat(faults).anySatisfy(line -> assertThat(line).contains(fault));
        }
    }

    @Test
    void findsATypeThatIsGone() {
        Map<String, Schema> rest = types("string a", "A");
        rest.remove("E");
        assertThat(Compatibility.faults(types("string a", "A"), rest, Set.of())).containsExactly("E is gone");
    }

    @Test
    void findsAUnionThatGrows() {
        assertThat(Compatibility.faults(union("'int','string'"), union("'int','string','boolean'"), Set.of()))
                .containsExactly("U: this build's records cannot be read by an old one");
    }

    private static Map<String, Schema> union(String branches) {
        Schema record = new Schema.Parser()
                .parse("{'type':'record','name':'U','fields':[{'name':'body','type':[%s]}]}"
                        .formatted(branches)
                        .replace('\'', '"'));
        return Map.of("U", record);
    }

    private static Map<String, Schema> types(String fields, String symbols) {
        SchemaParser parser = new SchemaParser();
        // Refers to the enum before it is known, as files in the order of their names do.
        parser.parse("{'type':'record','name':'A','fields':[%s,{'name':'e','type':'E'}]}"
                .formatted(String.join(
                        ",",
                        Stream.of(fields.split(", ", -1))
                                .map(CompatibilityTest::field)
                                .toList()))
                .replace('\'', '"'));
        String[] words = symbols.split(" default ", -1);
        parser.parse("{'type':'enum','name':'E','symbols':['%s']%s}"
                .formatted(words[0].replace(",", "','"), words.length == 2 ? ",'default':'" + words[1] + "'" : "")
                .replace('\'', '"'));
        Map<String, Schema> types = new TreeMap<>();
        parser.getParsedNamedSchemas().forEach(type -> types.put(type.getName(), type));
        return types;
    }

    private static String field(String declared) {
        String[] words = declared.split(" ", -1);
        return words[0].endsWith("?")
                ? "{'name':'%s','type':['null','%s'],'default':null}"
                        .formatted(words[1], words[0].substring(0, words[0].length() - 1))
                : "{'name':'%s','type':'%s'}".formatted(words[1], words[0]);
    }
}
