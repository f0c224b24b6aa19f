package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.InboxAct;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandReaderTest {
    private final CommandReader reader = new CommandReader();

    @ParameterizedTest
    @CsvSource({"read, READ", "seen, SEEN", "unread, UNREAD", "archive, ARCHIVED", "dismiss, DISMISSED"})
    void readsActs(String type, InboxAct act) throws Exception {
        assertThat(reader.read("{\"type\":\"%s\",\"id\":\"7\",\"seqs\":[3,1]}".formatted(type)))
                .isEqualTo(new Command.Act("7", act, List.of(3L, 1L), null));
    }

    @Test
    void readsABound() throws Exception {
        assertThat(reader.read("{\"type\":\"read\",\"id\":\"a\",\"upTo\":12}"))
                .isEqualTo(new Command.Act("a", InboxAct.READ, List.of(), 12L));
    }

    @Test
    void ignoresFieldsOfNewerClients() throws Exception {
        assertThat(reader.read("{\"type\":\"read\",\"id\":\"a\",\"seqs\":[1],\"mood\":{\"x\":[]}}"))
                .isInstanceOf(Command.Act.class);
    }

    @Test
    void readsWhatAClientHas() throws Exception {
        assertThat(reader.read("{\"type\":\"resume\",\"since\":\"12.57.3\"}"))
                .isEqualTo(new Command.Resume(new Position(12, 57, 3)));
    }

    @Test
    void readsAcknowledgements() throws Exception {
        assertThat(reader.read("{\"type\":\"ack\",\"upTo\":9}")).isEqualTo(new Command.Acknowledge(9));
    }

    @Test
    void readsATokenAndDoesNotPrintIt() throws Exception {
        Command command = reader.read("{\"type\":\"auth\",\"token\":\"secret\"}");

        assertThat(command).isEqualTo(new Command.Authenticate("secret"));
        assertThat(command.toString()).doesNotContain("secret");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "hello|message|",
                "''|message|",
                "[]|message|",
                "\"read\"|message|",
                "{\"type\":\"read\"} {}|message|",
                "{\"type\":\"read\",\"type\":\"seen\"}|message|",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}|message|",
                "{\"id\":\"1\"}|type|1",
                "{\"type\":\"delete\",\"id\":\"1\"}|type|1",
                "{\"type\":7,\"id\":\"1\"}|type|1",
                "{\"type\":\"read\",\"seqs\":[1]}|id|",
                "{\"type\":\"read\",\"id\":7,\"seqs\":[1]}|id|",
                "{\"type\":\"read\",\"id\":\"\",\"seqs\":[1]}|id|",
                "{\"type\":\"read\",\"id\":\"1\"}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[]}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":1}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[0]}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[-1]}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[1.5]}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[\"1\"]}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[9223372036854775808]}|seqs|1",
                "{\"type\":\"read\",\"id\":\"1\",\"upTo\":\"all\"}|upTo|1",
                "{\"type\":\"unread\",\"id\":\"1\",\"upTo\":9}|upTo|1",
                "{\"type\":\"ack\"}|upTo|",
                "{\"type\":\"ack\",\"upTo\":-1}|upTo|",
                "{\"type\":\"resume\"}|since|",
                "{\"type\":\"resume\",\"since\":7}|since|",
                "{\"type\":\"resume\",\"since\":\"-1\"}|since|",
                "{\"type\":\"auth\"}|token|",
                "{\"type\":\"auth\",\"token\":\"\"}|token|",
            })
    void namesTheBadField(String message, String field, String id) {
        assertThatThrownBy(() -> reader.read(message))
                .isInstanceOfSatisfying(InvalidCommandException.class, invalid -> {
                    assertThat(invalid.field()).isEqualTo(field);
                    assertThat(invalid.id()).isEqualTo(id);
                });
    }

    @Test
    void takesAHundredSeqsAndNoMore() throws Exception {
        assertThat(reader.read(withSeqs(CommandReader.MAX_SEQS))).isInstanceOf(Command.Act.class);
        assertThatThrownBy(() -> reader.read(withSeqs(CommandReader.MAX_SEQS + 1)))
                .isInstanceOf(InvalidCommandException.class);
    }

    private static String withSeqs(int count) {
        String seqs = LongStream.rangeClosed(1, count).mapToObj(Long::toString).collect(Collectors.joining(","));
        return "{\"type\":\"read\",\"id\":\"1\",\"seqs\":[" + seqs + "]}";
    }
}
