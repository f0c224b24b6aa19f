package io.herald.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.local.Installation;
import io.herald.local.LocalPostgres;
import io.herald.local.LocalStack;
import io.herald.local.Ports;
import io.herald.local.Progress;
import io.herald.local.StateFolder;
import io.herald.local.story.Cast;
import io.herald.local.story.Demo;
import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Reason;
import io.herald.schema.TemplateChanged;
import io.herald.simulator.Push;
import io.herald.topic.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole of Herald on its real stack, looked at from outside: what producers write, and what phones, mailbox,
 * PostgreSQL and topics hold in the end.
 */
@Timeout(420)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndIT {
    private static final Logger LOG = LoggerFactory.getLogger(EndToEndIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private LocalStack stack;
    private Wire wire;

    @BeforeAll
    void start() throws Exception {
        Path root = Files.createTempDirectory(Path.of("target"), "stack").toAbsolutePath();
        stack = new LocalStack(Installation.find(), StateFolder.at(root), Ports.free(), new Progress(LOG::info));
        stack.start();
        wire = new Wire(
                stack.infrastructure().kafka().bootstrap(),
                stack.infrastructure().registry().url());
    }

    @AfterAll
    void stop() {
        if (wire != null) {
            wire.close();
        }
        stack.close();
    }

    @Test
    void theStoryIsAsItIsTold() throws Exception {
        LocalPostgres postgres = stack.infrastructure().postgres();
        Demo.Target target = new Demo.Target(
                stack.infrastructure().kafka().bootstrap(),
                stack.infrastructure().registry().url(),
                stack.page(),
                postgres.jdbcUrl(),
                postgres.user(),
                postgres.password());
        List<String> lines = new ArrayList<>();
        List<String> differences = new Demo(
                        target, (event, channel, verdict, took) -> lines.add(event + ": " + channel + " " + verdict))
                .play();

        assertThat(differences).isEmpty();
        assertThat(lines).hasSizeGreaterThan(50);
    }

    @Test
    void aNameOfAllKindsArrivesUnharmedEverywhere() throws SQLException {
        String text = "it's for שרה 🎈👩‍👩‍👧 <b>&amp;</b>";
        wire.send(
                Topics.NOTIFICATION_REQUESTED,
                event("unusual", "comment", "zoe", Map.of("text", text, "actorName", Cast.UNUSUAL_NAME)));
        wire.flush();

        await("the push").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        stack.simulators().apns().received())
                .filteredOn(push -> push.body().equals(text))
                .hasSize(1)
                .extracting(Push::title)
                .containsExactly(Cast.UNUSUAL_NAME + " commented"));
        await("the e-mail").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        stack.simulators().ses().received())
                .filteredOn(mail -> mail.text().contains(text))
                .hasSize(1)
                .allSatisfy(mail -> {
                    assertThat(mail.toName()).isEqualTo(Cast.UNUSUAL_NAME);
                    assertThat(mail.html()).contains("&lt;b&gt;").doesNotContain("<b>");
                }));
        await("the inbox row").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        query("SELECT title FROM inbox_item WHERE user_id = 'zoe' AND body = '"
                                + text.replace("'", "''") + "'"))
                .containsExactly(Cast.UNUSUAL_NAME + " commented"));
    }

    @Test
    void badInputIsADeadLetterEachAndTheNextEventGoesThrough() {
        wire.send(
                Topics.TEMPLATE_CHANGED,
                new TemplateChanged(Cast.TENANT, "loud", Channel.PUSH, "en", "loud", "{{text}}".repeat(600), null));
        wire.sendBytes(Topics.NOTIFICATION_REQUESTED, "e2e: not Avro".getBytes(UTF_8));
        wire.sendBytes(
                Topics.NOTIFICATION_REQUESTED,
                ByteBuffer.allocate(64).put((byte) 0).putInt(987_654_321).array());
        wire.sendBytes(Topics.NOTIFICATION_REQUESTED, new byte[2 << 20]);
        wire.send(Topics.NOTIFICATION_REQUESTED, event("loud", "loud", "dan", Map.of("text", "x".repeat(4_000))));
        wire.send(
                Topics.NOTIFICATION_REQUESTED,
                NotificationRequested.newBuilder(
                                event("far", "message", "dan", Map.of("text", "far\u0000away", "actorName", "Bo")))
                        .setOccurredAt(Instant.parse("9999-12-31T23:59:59Z"))
                        .setExpiresAt(Instant.parse("9999-12-31T23:59:59Z"))
                        .build());
        wire.send(
                Topics.NOTIFICATION_REQUESTED,
                NotificationRequested.newBuilder(
                                event("old", "message", "dan", Map.of("text", "long ago", "actorName", "Bo")))
                        .setOccurredAt(Instant.EPOCH)
                        .build());
        wire.flush();

        await("the two good events").atMost(PATIENCE).untilAsserted(() -> assertThat(pushes("faraway", "long ago"))
                .containsExactlyInAnyOrder("faraway", "long ago"));
        await("the dead letters").atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters())
                .contains(Reason.UNREADABLE, Reason.UNKNOWN_SCHEMA, Reason.TOO_LARGE, Reason.CONTENT_TOO_LARGE));
        await("the inbox rows").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        query("SELECT body FROM inbox_item WHERE user_id = 'dan'"))
                .contains("faraway", "long ago"));
        assertThat(deadLetters()).filteredOn(Reason.UNKNOWN_SCHEMA::equals).hasSize(1);
        assertThat(deadLetters()).filteredOn(Reason.TOO_LARGE::equals).hasSize(1);
        assertThat(deadLetters()).filteredOn(Reason.CONTENT_TOO_LARGE::equals).hasSize(1);
    }

    private NotificationRequested event(String id, String category, String recipient, Map<String, String> data) {
        return NotificationRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource("e2e")
                .setId(id)
                .setRecipients(List.of(recipient))
                .setCategory(category)
                .setActor("ana")
                .setData(data)
                .build();
    }

    private List<String> pushes(String... bodies) {
        return stack.simulators().fcm().received().stream()
                .map(Push::body)
                .filter(List.of(bodies)::contains)
                .toList();
    }

    private List<Reason> deadLetters() {
        return wire.readAll(Topics.DEAD_LETTER, DeadLetter.class).stream()
                .map(read -> read.value().getReason())
                .toList();
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection database = stack.infrastructure().postgres().connect();
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
