package io.herald.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The inbox API on a real PostgreSQL. Each test has users of its own. */
@Timeout(180)
class InboxApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static InboxTables tables;
    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        tables = new InboxTables(folder);
        server = ApiServer.api(
                folder, vertx -> new DatabaseReader(vertx, tables.settings()), new ApiSettings(1_000, 1_000));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        tables.close();
    }

    @Test
    void listsPageByPageNewestFirst() throws Exception {
        for (int seq = 1; seq <= 45; seq++) {
            tables.item("pages", seq, "comment", 0);
        }
        tables.summary("pages", 45, 45, 45, "");

        JsonNode first = read("pages", "/v1/inbox");
        JsonNode second = read("pages", "/v1/inbox?before=" + first.get("next"));
        JsonNode third = read("pages", "/v1/inbox?before=" + second.get("next"));

        assertThat(seqs(first)).hasSize(20).startsWith(45L).endsWith(26L);
        assertThat(seqs(second)).startsWith(25L).endsWith(6L);
        assertThat(seqs(third)).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(third.get("next").isNull()).isTrue();
        assertThat(first.get("lastSeq").asLong()).isEqualTo(45);
        assertThat(first.get("unread").asInt()).isEqualTo(45);
        assertThat(first.get("items").get(0).get("title").asText()).isEqualTo("title 45");
    }

    @Test
    void filters() throws Exception {
        tables.item("filters", 1, "comment", 0);
        tables.item("filters", 2, "like", 0);
        tables.item("filters", 3, "comment", 0);
        tables.item("filters", 4, "comment", 0);
        tables.item("filters", 5, "comment", 40);
        tables.mark("filters", 3, 7, true, false);
        tables.mark("filters", 4, 8, false, true);
        tables.item("filters", 6, "like", 0);
        tables.mark("filters", 6, 9, false, false);
        tables.execute("UPDATE inbox_mark SET dismissed = true WHERE user_id = 'filters' AND seq = 6");
        tables.summary("filters", 9, 6, 2, "");

        assertThat(seqs(read("filters", "/v1/inbox")))
                .as("what is too old is not shown")
                .containsExactly(6L, 3L, 2L, 1L);
        assertThat(seqs(read("filters", "/v1/inbox?unread=true"))).containsExactly(2L, 1L);
        assertThat(seqs(read("filters", "/v1/inbox?category=comment"))).containsExactly(3L, 1L);
        assertThat(seqs(read("filters", "/v1/inbox?archived=true"))).containsExactly(4L);
        assertThat(read("filters", "/v1/inbox").get("version").asLong()).isEqualTo(9);
        assertThat(server.get("filters", "/v1/inbox/5").statusCode()).isEqualTo(404);
    }

    /** The summary may be in its table before the marks are in theirs. */
    @Test
    void waitsForTheMarksOfTheReadersOwnActToo() throws Exception {
        tables.item("acted", 1, "comment", 0);
        tables.summary("acted", 2, 1, 0, "a3.5");
        assertThat(server.get("acted", "/v1/inbox?after=a3.5").headers().firstValue("Herald-Behind"))
                .contains("true");

        tables.mark("acted", 1, 2, true, false);
        assertThat(server.get("acted", "/v1/inbox?after=a3.5").headers().firstValue("Herald-Behind"))
                .isEmpty();
    }

    @Test
    void showsNobodyTheItemsOfOthers() throws Exception {
        tables.item("owner", 1, "comment", 0);
        tables.summary("owner", 1, 1, 1, "");

        assertThat(server.get("owner", "/v1/inbox/1").statusCode()).isEqualTo(200);
        assertThat(server.get("thief", "/v1/inbox/1").statusCode()).isEqualTo(404);
        assertThat(seqs(read("thief", "/v1/inbox?before=9"))).isEmpty();
        assertThat(read("thief", "/v1/inbox").get("lastSeq").asLong()).isZero();
    }

    @Test
    void takesNoParameterForSql() throws Exception {
        tables.item("sql", 1, "comment", 0);
        tables.summary("sql", 1, 1, 1, "");
        String attack = "x' OR '1'='1'; DROP TABLE inbox_item; --";

        assertThat(seqs(read("sql", "/v1/inbox?category=" + encoded(attack)))).isEmpty();
        assertThat(seqs(read(attack, "/v1/inbox")))
                .as("a user who is called so")
                .isEmpty();
        for (String path : List.of("?before=", "?limit=", "?unread=", "?archived=", "?after=")) {
            assertThat(server.get("sql", "/v1/inbox" + path + encoded(attack)).statusCode())
                    .as(path)
                    .isEqualTo(400);
        }
        assertThat(server.get("sql", "/v1/inbox/" + encoded("1;DROP")).statusCode())
                .isEqualTo(404);
        assertThat(server.get("sql", "/v1/subscriptions/" + encoded(attack)).statusCode())
                .isEqualTo(404);
        assertThat(seqs(read("sql", "/v1/inbox"))).as("still there").containsExactly(1L);
    }

    @Test
    void answersNulAndLineBreaksInParametersLikeAnythingElse() throws Exception {
        // PostgreSQL refuses NUL in texts: it is no category, and no fault of the server.
        HttpResponse<String> nul = server.get("odd", "/v1/inbox?category=a%00b");
        HttpResponse<String> breaks = server.get("odd", "/v1/inbox?category=a%0d%0aSet-Cookie:x=1");

        assertThat(nul.statusCode()).isEqualTo(400);
        assertThat(breaks.statusCode()).isEqualTo(400);
        assertThat(breaks.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void waitsUntilTheSinkHasTheCallersAct() throws Exception {
        tables.item("waits", 1, "comment", 0);
        tables.summary("waits", 1, 1, 1, "a3.4");
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return server.get("waits", "/v1/inbox?after=a3.5");
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        tables.mark("waits", 1, 2, true, false);
        tables.summary("waits", 2, 1, 0, "a3.5");

        assertThat(answer.get().headers().firstValue("Herald-Behind")).isEmpty();
        assertThat(JSON.readTree(answer.get().body()).get("unread").asInt()).isZero();
    }

    @Test
    void showsProfiles() throws Exception {
        tables.profile("profile", "{\"locale\":\"de\",\"quietHours\":[]}");

        assertThat(read("profile", "/v1/preferences").get("locale").asText()).isEqualTo("de");
        assertThat(read("profile", "/v1/preferences").get("contacts").get(0).asText())
                .isEqualTo("EMAIL");
        assertThat(read("nobody", "/v1/preferences").get("version").asLong()).isZero();
    }

    @Test
    void givesUpOnADatabaseThatDoesNotAnswer() throws Exception {
        try (Connection other = tables.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE inbox_user IN ACCESS EXCLUSIVE MODE");

            HttpResponse<String> answer = server.get("locked", "/v1/inbox/unread-count");

            assertThat(answer.statusCode()).isEqualTo(503);
            other.rollback();
        }
        assertThat(server.get("locked", "/v1/inbox/unread-count").statusCode()).isEqualTo(200);
    }

    @Test
    void looksAtOnePartitionOfEachTable() throws Exception {
        try (Connection connection = tables.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = force_generic_plan");
            String sql = DatabaseReader.SNAPSHOT_SQL;
            statement.execute("PREPARE s (varchar, varchar, bigint) AS " + sql);
            StringBuilder plan = new StringBuilder();
            try (ResultSet rows = statement.executeQuery("EXPLAIN EXECUTE s('demo', 'ann', 5)")) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            assertThat(plan.toString()).contains("Subplans Removed: 15").doesNotContain("never");
        }
    }

    private static JsonNode read(String user, String path) throws Exception {
        HttpResponse<String> answer = server.get(user, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<Long> seqs(JsonNode page) {
        return page.get("items").findValues("seq").stream()
                .map(JsonNode::asLong)
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
