package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kills a sender's process in mid-flight, again and again. */
@Timeout(600)
class SenderCrashIT {
    /** {@code -Dherald.crash.kills=20} for more of them. */
    private static final int KILLS = Integer.getInteger("herald.crash.kills", 3);

    private static final int DELIVERIES = 1_000 * (KILLS + 1);
    private static final int IN_FLIGHT = 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Route.class,
            names = {"FCM", "EMAIL"})
    void losesNothingAndRepeatsNoMoreThanWasInFlight(Route route) throws Exception {
        try (LoopHarness harness = new LoopHarness(folder.resolve("kafka"), route)) {
            harness.newGroup();
            // Longer-lived than the router makes them: on a busy machine this takes minutes.
            List<Delivery> deliveries = harness.deliveries(DELIVERIES).stream()
                    .map(delivery -> Delivery.newBuilder(delivery)
                            .setValidUntil(delivery.getExpiresAt())
                            .build())
                    .toList();
            Map<TopicPartition, Map<Long, String>> log = produce(harness, deliveries);
            Path calls = folder.resolve("calls");
            Files.createFile(calls);
            Set<String> committed = new HashSet<>();
            Set<String> repeatedThoughCommitted = new HashSet<>();

            for (int kill = 1; kill <= KILLS; kill++) {
                int before = lines(calls).size();
                int enough = before + DELIVERIES / (KILLS + 2);
                Process process = sender(route, harness, calls);
                try {
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> lines(calls).size() > enough);
                } finally {
                    process.destroyForcibly();
                }
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
                repeatedThoughCommitted.addAll(called(calls, before, committed));
                committed = done(harness, log);
                assertThat(committed).as("committed at kill %d", kill).isNotEmpty();
            }
            int before = lines(calls).size();
            Process last = sender(route, harness, calls);
            try {
                await().atMost(Duration.ofSeconds(90)).until(() -> harness.lag() == 0);
            } finally {
                last.destroy();
            }
            assertThat(last.waitFor(30, TimeUnit.SECONDS)).isTrue();
            repeatedThoughCommitted.addAll(called(calls, before, committed));

            assertThat(repeatedThoughCommitted).isEmpty();
            assertThat(harness.reports(deliveries))
                    .extracting(DeliveryReported::getDeliveryId)
                    .containsAll(
                            deliveries.stream().map(Delivery::getDeliveryId).toList());
            int repeats = lines(calls).size() - new HashSet<>(lines(calls)).size();
            Set<String> unknown = harness.reports(deliveries).stream()
                    .filter(report -> report.getOutcome() == ReportedOutcome.UNKNOWN)
                    .map(DeliveryReported::getDeliveryId)
                    .collect(Collectors.toSet());
            if (Topics.intents(route).isEmpty()) {
                assertThat(new HashSet<>(lines(calls))).hasSize(DELIVERIES);
                assertThat(unknown).isEmpty();
                assertThat(repeats).isLessThanOrEqualTo(KILLS * IN_FLIGHT);
            } else {
                // What was about to be called when it was killed may not have been.
                Set<String> missed = new HashSet<>(
                        deliveries.stream().map(Delivery::getDeliveryId).toList());
                missed.removeAll(lines(calls));
                assertThat(unknown).containsAll(missed).hasSizeLessThanOrEqualTo(KILLS * IN_FLIGHT);
                assertThat(repeats).as("nobody gets a second mail").isZero();
            }
        }
    }

    private static Map<TopicPartition, Map<Long, String>> produce(LoopHarness harness, List<Delivery> deliveries)
            throws Exception {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        deliveries.forEach(delivery -> written.add(harness.producer.send(harness.record(delivery))));
        Map<TopicPartition, Map<Long, String>> log = new HashMap<>();
        for (int i = 0; i < written.size(); i++) {
            RecordMetadata place = written.get(i).get();
            log.computeIfAbsent(new TopicPartition(place.topic(), place.partition()), any -> new HashMap<>())
                    .put(place.offset(), deliveries.get(i).getDeliveryId());
        }
        return log;
    }

    /** Returns the deliveries that are done by what is committed. */
    private static Set<String> done(LoopHarness harness, Map<TopicPartition, Map<Long, String>> log) throws Exception {
        Set<String> done = new HashSet<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> mark :
                harness.committed().entrySet()) {
            long offset = mark.getValue().offset();
            ProgressNote note = ProgressNote.parse(offset, mark.getValue().metadata());
            log.getOrDefault(mark.getKey(), Map.of()).forEach((each, id) -> {
                if (each < offset || (each < note.end() && !note.open().contains(each))) {
                    done.add(id);
                }
            });
        }
        return done;
    }

    private static Set<String> called(Path calls, int from, Set<String> committed) {
        List<String> all = lines(calls);
        Set<String> called = new HashSet<>(all.subList(from, all.size()));
        called.retainAll(committed);
        return called;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process sender(Route route, LoopHarness harness, Path calls) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingSender.class.getName(),
                route.name(),
                calls.toString()));
        Map<String, String> settings = Map.of(
                "in.flight.max", Integer.toString(IN_FLIGHT),
                "commit.interval.ms", "50",
                "kafka.group.instance.id", "the-one");
        harness.properties(settings).forEach((key, value) -> command.add(key + "=" + value));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sender.log").toFile())
                .start();
    }
}
