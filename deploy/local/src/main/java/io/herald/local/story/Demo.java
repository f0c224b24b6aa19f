package io.herald.local.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.DeadLetter;
import io.herald.schema.Receipt;
import io.herald.simulator.Fault;
import io.herald.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Plays the story on a running stack, from outside: plain producers write events, the ledger is read, and what it says
 * is compared with what the simulators and PostgreSQL really hold.
 */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration OUTAGE_BEAT = Duration.ofMillis(600);
    private static final String PUSHES = "/api/pushes";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] MALFORMED = "this is not Avro".getBytes(StandardCharsets.UTF_8);

    private final Target target;
    private final Report report;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String run = Long.toString(Instant.now().toEpochMilli(), 36);
    private final Map<String, Instant> writtenAt = new HashMap<>();
    private final Set<String> turned = new HashSet<>();

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
            reply("START");
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
            await(watch, scenes, stage);
            digest(story, watch).ifPresent(scenes::add);
            List<String> differences = new ArrayList<>();
            awaitReceipts(story, scenes, watch, differences);
            reply("STOP");
            if (!stage.awaitTakenIn(PATIENCE)) {
                return List.of("what providers said was not taken in within " + PATIENCE.toSeconds() + " s");
            }
            story.after().forEach(scene -> add(scene, scenes, stage));
            await(watch, scenes, stage);
            outage(story.outage(), scenes, watch, stage, differences);
            add(story.broadcast(), scenes, stage);
            await(watch, scenes, stage);
            awaitPast(writtenAt.get(run).plus(Cast.PUSHED_AFTER).plus(MARGIN), watch);

            scenes.forEach(scene -> compareWithStory(scene, watch, differences));
            compareWithSimulators(scenes, watch, differences);
            new Database(target).compare(scenes, watch, PATIENCE, differences);
            checkDeadLetters(watch, differences);
            return differences;
        }
    }

    // The ledger names the digest in what it says of each that is in it.
    private Optional<Scene> digest(Story story, LedgerWatch watch) {
        List<String> collected = story.reactions().stream().map(Scene::event).toList();
        Optional<Scene> digest = collected.stream()
                .flatMap(event -> watch.lines(event).stream())
                .map(LedgerWatch.Line::detail)
                .filter(Objects::nonNull)
                .findFirst()
                .map(story::digest);
        digest.ifPresent(scene -> writtenAt.put(scene.event(), writtenAt.get(collected.get(0))));
        return digest;
    }

    // A bounce and a receipt come when the provider has them to tell.
    private void awaitReceipts(Story story, List<Scene> scenes, LedgerWatch watch, List<String> differences) {
        Map<String, Receipt> missing = new HashMap<>(story.receipts());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < deadline) {
            watch.poll();
            missing.entrySet()
                    .removeIf(receipt -> watch.receipts(receipt.getKey()).contains(receipt.getValue()));
        }
        missing.forEach((event, receipt) -> differences.add(event + ": the ledger never said " + receipt));
        scenes.forEach(scene -> watch.receipts(scene.event())
                .forEach(receipt -> report.line(
                        scene.title(),
                        "receipt",
                        receipt.name(),
                        Duration.between(writtenAt.get(scene.event()), Instant.now()))));
    }

    // What is written while a provider is down waits, uses up no attempt, and arrives when it is well again.
    private void outage(
            List<Scene> outage, List<Scene> scenes, LedgerWatch watch, Stage stage, List<String> differences)
            throws IOException, InterruptedException {
        fault(Fault.ERRORS);
        try {
            for (Scene scene : outage) {
                add(scene, scenes, stage);
                awaitPast(Instant.now().plus(OUTAGE_BEAT), watch);
            }
            outage.stream()
                    .filter(scene -> watch.isEnded(scene.event(), scene.total()))
                    .forEach(scene -> differences.add(scene.title() + ": it ended while the provider was down"));
        } finally {
            fault(Fault.NONE);
        }
        await(watch, scenes, stage);
        for (Scene scene : outage) {
            watch.lines(scene.event()).stream()
                    .filter(line -> line.attempt() > 1)
                    .forEach(line -> differences.add(
                            scene.title() + ": the outage used up " + (line.attempt() - 1) + " attempts"));
        }
    }

    private void fault(Fault fault) throws IOException, InterruptedException {
        post(
                "/api/faults",
                JSON.createObjectNode()
                        .put("provider", "fcm")
                        .put("fault", fault.name())
                        .put("percent", 100));
    }

    private void reply(String text) throws IOException, InterruptedException {
        post(
                "/api/replies",
                JSON.createObjectNode().put("number", Cast.SMS_NUMBER).put("text", text));
    }

    private void add(Scene scene, List<Scene> scenes, Stage stage) {
        write(scene, stage);
        stage.flush();
        scenes.add(scene);
    }

    private void write(Scene scene, Stage stage) {
        writtenAt.put(scene.event(), Instant.now());
        for (int copy = 0; copy < scene.copies(); copy++) {
            stage.send(scene.said());
        }
    }

    private void await(LedgerWatch watch, List<Scene> scenes, Stage stage) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            watch.poll();
            scenes.forEach(scene -> takeTurn(scene, watch, stage));
            boolean ended = scenes.stream().allMatch(scene -> watch.isEnded(scene.event(), scene.total()));
            if (ended && !malformed(watch).isEmpty()) {
                return;
            }
        }
    }

    // That nothing arrives is shown only when the time has passed at which it would have.
    private static void awaitPast(Instant moment, LedgerWatch watch) {
        while (Instant.now().isBefore(moment)) {
            watch.poll();
        }
    }

    private void takeTurn(Scene scene, LedgerWatch watch, Stage stage) {
        if (scene.turn() != null
                && !turned.contains(scene.event())
                && scene.turn().isDue(watch.found(scene.event()))) {
            long seq = watch.lines(scene.event()).stream()
                    .map(LedgerWatch.Line::seq)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow();
            turned.add(scene.event());
            stage.send(scene.turn().then().apply(seq));
            stage.flush();
        }
    }

    private void compareWithStory(Scene scene, LedgerWatch watch, List<String> differences) {
        List<LedgerWatch.Line> lines = watch.lines(scene.event());
        boolean many = lines.stream().map(LedgerWatch.Line::user).distinct().count() > 1;
        Stream.concat(watch.waits(scene.event()).stream(), lines.stream())
                .forEach(line -> report.line(
                        scene.title(),
                        channel(line, many),
                        line.outcome(),
                        Duration.between(writtenAt.get(scene.event()), line.at())));
        Map<String, Integer> expected = Scene.count(scene.expected());
        Map<String, Integer> found = watch.found(scene.event());
        if (!expected.equals(found)) {
            differences.add(scene.title() + ": the ledger says " + found + ", the story " + expected);
        }
        if (scene.turn() != null && !turned.contains(scene.event())) {
            differences.add(scene.title() + ": the ledger never said "
                    + Scene.count(scene.turn().when()));
        }
    }

    private static String channel(LedgerWatch.Line line, boolean many) {
        // The others' addresses are hashes.
        boolean named = line.addressId() != null && line.channel().equals("PUSH");
        if (named) {
            return line.channel() + " " + line.addressId();
        }
        return many ? line.channel() + " " + line.user() : line.channel();
    }

    // Each accepted delivery is there once, and nothing else of this run is.
    private void compareWithSimulators(List<Scene> scenes, LedgerWatch watch, List<String> differences)
            throws IOException, InterruptedException {
        Map<String, Integer> received = new HashMap<>();
        Map<String, Integer> led = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (String list : List.of(PUSHES, "/api/mails", "/api/messages", "/api/posts")) {
            for (JsonNode one : get(list)) {
                received.merge(one.path("deliveryId").asText(), 1, Integer::sum);
                if (list.equals(PUSHES)) {
                    led.merge(one.path("link").asText(), 1, Integer::sum);
                }
                texts.put(
                        one.path("deliveryId").asText(),
                        one.path("title").asText()
                                + one.path("body").asText()
                                + one.path("text").asText());
            }
        }
        for (Scene scene : scenes) {
            int pushes = 0;
            for (LedgerWatch.Line line : watch.lines(scene.event())) {
                pushes += line.channel().equals("PUSH") && line.isAccepted() ? 1 : 0;
                if (line.deliveryId() == null) {
                    continue;
                }
                int times = received.getOrDefault(line.deliveryId(), 0);
                if (times != (line.isAccepted() ? 1 : 0)) {
                    differences.add(scene.title() + ": " + line.channel() + " is " + line.outcome() + ", and arrived "
                            + times + " times");
                } else if (times == 1 && !texts.get(line.deliveryId()).contains(scene.text())) {
                    differences.add(scene.title() + ": " + line.channel() + " arrived with another text");
                }
            }
            // Also of what has no delivery, because it was cancelled or collected.
            if (scene.link() != null && led.getOrDefault(scene.link(), 0) != pushes) {
                differences.add(scene.title() + ": " + led.getOrDefault(scene.link(), 0) + " pushes arrived, and "
                        + pushes + " are accounted for");
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
        return JSON.readTree(ask(HttpRequest.newBuilder(URI.create(target.page() + path))));
    }

    private void post(String path, JsonNode body) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(URI.create(target.page() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.uri().getPath() + " answers " + answer.statusCode());
        }
        return answer.body();
    }
}
