package io.herald.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.NotificationRequested;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kills ingest's process amid requests, again and again. */
@Timeout(600)
class IngestCrashIT {
    private static final int KILLS = Integer.getInteger("herald.crash.kills", 3);
    private static final int CLIENTS = 8;
    private static final int BULK = 10;
    private static final int BETWEEN_KILLS = 400;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void losesNothingThatWasAnsweredWith202() throws Exception {
        try (Rig rig = new Rig(folder)) {
            rig.start(Map.of());
            String key = rig.key("demo", Rig.EVERY_SCOPE);
            int port = freePort();
            List<Thread> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> new Thread(() -> ask(port, key, client), "client-" + client))
                    .toList();
            Process process = process(rig, port);
            try {
                clients.forEach(Thread::start);
                for (int kill = 0; kill < KILLS; kill++) {
                    int enough = accepted.size() + BETWEEN_KILLS;
                    await().atMost(Duration.ofMinutes(2)).until(() -> accepted.size() > enough);
                    process.destroyForcibly();
                    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
                    process = process(rig, port);
                }
                int enough = accepted.size() + BETWEEN_KILLS;
                await().atMost(Duration.ofMinutes(2)).until(() -> accepted.size() > enough);
            } finally {
                over.set(true);
                for (Thread client : clients) {
                    client.join();
                }
                process.destroy();
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

            Set<String> written = rig.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class).stream()
                    .map(NotificationRequested::getId)
                    .collect(Collectors.toSet());
            assertThat(written).containsAll(accepted);
            assertThat(asked).containsAll(written);
        }
    }

    private void ask(int port, String key, int client) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (int i = 0; !over.get(); i++) {
            String first = client + "-" + i;
            List<String> ids = client % 2 == 0
                    ? List.of(first)
                    : IntStream.range(0, BULK).mapToObj(n -> first + "-" + n).toList();
            asked.addAll(ids);
            if (accepted(http, port, key, ids)) {
                accepted.addAll(ids);
            }
        }
    }

    private static boolean accepted(HttpClient http, int port, String key, List<String> ids) {
        String events = ids.stream().map(Rig::event).collect(Collectors.joining(","));
        String body = ids.size() == 1 ? events : "{\"notifications\":[" + events + "]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/notifications"))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", ids.get(0))
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return response.statusCode() == 202;
        } catch (IOException killed) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Process process(Rig rig, int port) throws IOException {
        Map<String, String> settings = new HashMap<>(rig.settings());
        settings.put("port", Integer.toString(port));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                IngestApp.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("ingest.log").toFile()));
        settings.forEach((name, value) -> builder.environment()
                .put(IngestConfig.ENVIRONMENT + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return builder.start();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
