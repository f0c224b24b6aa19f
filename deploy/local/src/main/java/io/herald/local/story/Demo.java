package io.herald.local.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.DeadLetter;
import io.herald.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plays the story on a running stack, from outside: plain producers write events, the ledger is read, and what it says
 * is compared with what the simulators and PostgreSQL really hold.
 */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] MALFORMED = "this is not Avro".getBytes(StandardCharsets.UTF_8);

    private final Target target;
    private final Report report;
    private final String run = Long.toString(Instant.now().toEpochMilli(), 36);
    private final Map<String, Instant> writtenAt = new HashMap<>();

    /** Where the stack is. */
    public record Target(
            String bootstrap, String registry, String page, String jdbcUrl, String user, String password) {}

    public Demo(Target target, Report report) {
        this.target = target;
        this.report = report;
    }

    /**
     * Plays it once.
     *
     * @return what differs from what had to be; empty when all is well
     */
    public List<String> play() throws InterruptedException, IOException, SQLException {
        try (Stage stage = new Stage(target.bootstrap(), target.registry());
                LedgerWatch watch = new LedgerWatch(target.bootstrap(), stage.wire())) {
            stage.introduceCast();
            if (!stage.awaitTakenIn(PATIENCE)) {
                return List.of("the cast was not taken in within " + PATIENCE.toSeconds() + " s");
            }
            Story story = new Story(run);
            List<Scene> scenes = new ArrayList<>(story.scenes());
            scenes.forEach(scene -> write(scene, stage));
            writtenAt.put(run, Instant.now());
            stage.sendBytes(Topics.NOTIFICATION_REQUESTED, run, MALFORMED);
            stage.flush();
            await(watch, scenes);
            write(story.last(), stage);
            stage.flush();
            scenes.add(story.last());
            await(watch, scenes);

            List<String> differences = new ArrayList<>();
            scenes.forEach(scene -> compareWithStory(scene, watch, differences));
            compareWithSimulators(scenes, watch, differences);
            compareWithDatabase(scenes, watch, differences);
            checkDeadLetters(watch, differences);
            return differences;
        }
    }

    private void write(Scene scene, Stage stage) {
        writtenAt.put(scene.event().getId(), Instant.now());
        for (int copy = 0; copy < scene.copies(); copy++) {
            stage.send(Topics.NOTIFICATION_REQUESTED, scene.event().getId(), scene.event());
        }
    }

    private void await(LedgerWatch watch, List<Scene> scenes) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            watch.poll();
            boolean ended = scenes.stream()
                    .allMatch(scene -> watch.isEnded(scene.event().getId(), total(scene)));
            if (ended && !malformed(watch).isEmpty()) {
                return;
            }
        }
    }

    private void compareWithStory(Scene scene, LedgerWatch watch, List<String> differences) {
        Map<String, Integer> expected = new TreeMap<>();
        scene.expected().forEach(one -> expected.merge(one.channel() + " " + one.outcome(), one.times(), Integer::sum));
        Map<String, Integer> found = new TreeMap<>();
        for (LedgerWatch.Line line : watch.lines(scene.event().getId())) {
            found.merge(line.channel() + " " + line.outcome(), 1, Integer::sum);
            report.line(
                    scene.title(),
                    line.channel()
                            + (line.addressId() == null || line.channel().equals("EMAIL")
                                    ? ""
                                    : " " + line.addressId()),
                    line.outcome(),
                    Duration.between(writtenAt.get(scene.event().getId()), line.at()));
        }
        if (!expected.equals(found)) {
            differences.add(scene.title() + ": the ledger says " + found + ", the story " + expected);
        }
    }

    // Each accepted delivery is there once, and nothing else of this run is.
    private void compareWithSimulators(List<Scene> scenes, LedgerWatch watch, List<String> differences)
            throws IOException, InterruptedException {
        Map<String, Integer> received = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (String list : List.of("/api/pushes", "/api/mails")) {
            for (JsonNode one : get(list)) {
                received.merge(one.path("deliveryId").asText(), 1, Integer::sum);
                texts.put(
                        one.path("deliveryId").asText(),
                        one.path("body").asText() + one.path("text").asText());
            }
        }
        for (Scene scene : scenes) {
            for (LedgerWatch.Line line : watch.lines(scene.event().getId())) {
                if (line.deliveryId() == null) {
                    continue;
                }
                int times = received.getOrDefault(line.deliveryId(), 0);
                if (times != (line.isAccepted() ? 1 : 0)) {
                    differences.add(scene.title() + ": " + line.channel() + " is " + line.outcome() + ", and arrived "
                            + times + " times");
                } else if (times == 1
                        && !texts.get(line.deliveryId())
                                .contains(scene.event().getData().get("text"))) {
                    differences.add(scene.title() + ": " + line.channel() + " arrived with another text");
                }
            }
        }
    }

    private void compareWithDatabase(List<Scene> scenes, LedgerWatch watch, List<String> differences)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> found;
        try (Connection database = DriverManager.getConnection(target.jdbcUrl(), target.user(), target.password())) {
            do {
                Thread.sleep(100);
                found = databaseDifferences(scenes, watch, database);
            } while (!found.isEmpty() && System.nanoTime() < deadline);
        }
        differences.addAll(found);
    }

    private static List<String> databaseDifferences(List<Scene> scenes, LedgerWatch watch, Connection database)
            throws SQLException {
        List<String> differences = new ArrayList<>();
        for (Scene scene : scenes) {
            for (LedgerWatch.Line line : watch.lines(scene.event().getId())) {
                boolean inInbox = line.channel().equals("INBOX") && line.isAccepted();
                if (inInbox && rows(database, "inbox_item", "seq = " + line.seq(), scene, line) != 1) {
                    differences.add(scene.title() + ": no inbox row with seq " + line.seq());
                }
                if (rows(database, "ledger_state", "state = 'ENDED' AND open = 0", scene, line) != 1) {
                    differences.add(scene.title() + ": its ledger row has not ended");
                }
            }
        }
        return differences;
    }

    private static int rows(Connection database, String table, String condition, Scene scene, LedgerWatch.Line line)
            throws SQLException {
        String query = "SELECT count(*) FROM " + table
                + " WHERE tenant = ? AND user_id = ? AND notification_id = ?::uuid AND " + condition;
        try (PreparedStatement statement = database.prepareStatement(query)) {
            statement.setString(1, Cast.TENANT);
            statement.setString(2, scene.event().getRecipients().get(0));
            statement.setString(3, line.notificationId());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private void checkDeadLetters(LedgerWatch watch, List<String> differences) {
        List<DeadLetter> malformed = malformed(watch);
        if (malformed.size() != 1) {
            differences.add("a malformed record: " + malformed.size() + " dead letters instead of one");
        }
        malformed.forEach(letter -> report.line(
                "a record that is not Avro",
                "-",
                "DEAD LETTER " + letter.getReason(),
                Duration.between(writtenAt.get(run), letter.getAt())));
    }

    private List<DeadLetter> malformed(LedgerWatch watch) {
        return watch.deadLetters().stream()
                .filter(letter -> letter.getKey() != null
                        && StandardCharsets.UTF_8
                                .decode(letter.getKey().duplicate())
                                .toString()
                                .equals(run))
                .toList();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(target.page() + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answers " + answer.statusCode());
        }
        return new ObjectMapper().readTree(answer.body());
    }

    private static int total(Scene scene) {
        return scene.expected().stream().mapToInt(Scene.Expected::times).sum();
    }
}
