package io.herald.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.inbox.InboxDatabase;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables are what the schemas of their topics say, and are read by index. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InboxTablesIT {
    @TempDir
    private static Path folder;

    private static LocalPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = new LocalPostgres(Installation.find(), new StateFolder(folder), Ports.free());
        postgres.start();
        InboxDatabase.migrate(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void migratesOnce() {
        assertThat(InboxDatabase.migrate(postgres.jdbcUrl(), postgres.user(), postgres.password()))
                .isZero();
    }

    @Test
    void readsOneUserByIndex() throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet lines = statement.executeQuery("EXPLAIN SELECT * FROM inbox WHERE tenant = 'acme' "
                        + "AND user_id = 'ann' ORDER BY seq DESC LIMIT 20")) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }

        assertThat(plan.toString())
                .contains("Index Scan Backward")
                .doesNotContain("Seq Scan")
                .doesNotContain("Append");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void hasAColumnOfTheRightKindForEachField(Topic topic) throws SQLException {
        Map<String, String> columns = new TreeMap<>();
        try (Connection connection = postgres.connect();
                ResultSet found = connection.getMetaData().getColumns(null, "public", tableOf(topic), null)) {
            while (found.next()) {
                columns.put(
                        found.getString("COLUMN_NAME"),
                        found.getString("TYPE_NAME") + sizeOf(found) + nullability(found.getString("IS_NULLABLE")));
            }
        }

        Map<String, String> fields = new TreeMap<>();
        Stream.concat(topic.keySchema().orElseThrow().getFields().stream(), topic.value().getFields().stream())
                .forEach(field -> fields.put(field.name(), columnFor(field, columns.get(field.name()))));

        assertThat(columns).isEqualTo(fields);
    }

    static Stream<Topic> tables() {
        return Stream.of(
                Topics.INBOX_ITEM,
                Topics.INBOX_MARK,
                Topics.INBOX_USER,
                Topics.LEDGER_STATE,
                Topics.BROADCAST_STATE,
                Topics.USER_FORGOTTEN);
    }

    private static String tableOf(Topic topic) {
        return topic.name().replace('.', '_');
    }

    private static String sizeOf(ResultSet column) throws SQLException {
        return column.getString("TYPE_NAME").equals("varchar") ? "(" + column.getInt("COLUMN_SIZE") + ")" : "";
    }

    private static String nullability(String answer) {
        return answer.equals("YES") ? "" : " not null";
    }

    /** Returns the column that {@code field} needs, by its type and by the limit that its documentation states. */
    private static String columnFor(Schema.Field field, String column) {
        boolean optional = field.schema().getType() == Schema.Type.UNION;
        Schema schema = optional ? field.schema().getTypes().get(1) : field.schema();
        String type =
                switch (schema.getType()) {
                    case STRING -> textFor(field, column);
                    case LONG -> schema.getLogicalType() == null ? "int8" : "timestamptz";
                    case INT -> "int4";
                    case BOOLEAN -> "bool";
                    default -> throw new AssertionError(field + " has no kind of column");
                };
        return type + (optional ? "" : " not null");
    }

    private static String textFor(Schema.Field field, String column) {
        if (field.doc().equals("UUID text.")) {
            return "uuid";
        }
        Matcher limit = Pattern.compile("at most ([\\d,]+) characters", Pattern.CASE_INSENSITIVE)
                .matcher(field.doc());
        // A text whose documentation states no limit may have any.
        return limit.find() ? "varchar(" + limit.group(1).replace(",", "") + ")" : column.replace(" not null", "");
    }
}
