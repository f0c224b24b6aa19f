package io.herald.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.topic.Topics;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor as a process: what it says, what survives it, and that it leaves nothing behind. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class UpIT {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final Ports ports = Ports.free();
    private final List<Process> supervisors = new ArrayList<>();

    @AfterEach
    void endEverything() throws InterruptedException {
        for (Process supervisor : supervisors) {
            supervisor.destroy();
            assertThat(supervisor.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void comesBackWithItsStateAfterBeingKilled() throws IOException {
        Process first = up("first");
        awaitReady(first, "first");
        List<ProcessHandle> children = first.descendants().toList();
        assertThat(children).isNotEmpty();
        String id = schemaId();

        first.destroyForcibly();
        await().atMost(END).until(() -> !first.isAlive());
        Process second = up("second");
        awaitReady(second, "second");

        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(said("second")).contains("migrations applied: 0").contains(Topics.ALL.size() + ", new: 0");
        assertThat(schemaId()).isEqualTo(id);
    }

    @Test
    void startsEmptySaysWhatRunsAlreadyAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path state = folder.resolve("state");
        Files.createDirectories(state.resolve("data/kafka"));
        Files.writeString(state.resolve("data/kafka/meta.properties"), "nothing that Kafka could start from");
        Files.writeString(state.resolve("herald-state"), "");
        Process first = up("first", "--fresh");
        awaitReady(first, "first");
        assertThat(said("first")).contains(Topics.ALL.size() + ", new: " + Topics.ALL.size());
        List<ProcessHandle> children = first.descendants().toList();

        Process second = up("second");
        assertThat(second.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Process wipe = up("wipe", "--fresh");
        assertThat(wipe.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(second.exitValue()).isZero();
        assertThat(said("second")).contains("pid " + first.pid()).contains(ports.address(Port.KAFKA));
        assertThat(wipe.exitValue()).isEqualTo(1);
        assertThat(first.isAlive()).isTrue();

        first.destroy();
        assertThat(first.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void namesAPortThatIsTaken() throws IOException, InterruptedException {
        try (ServerSocket other = new ServerSocket(ports.of(Port.CONNECT), 1, InetAddress.getLoopbackAddress())) {
            Process supervisor = up("taken");

            assertThat(supervisor.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(supervisor.exitValue()).isEqualTo(1);
            assertThat(said("taken"))
                    .contains("port " + other.getLocalPort() + ", for Kafka Connect, is taken")
                    .contains("HERALD_CONNECT_PORT");
        }
    }

    @Test
    void leavesAForeignFolderAlone() throws IOException, InterruptedException {
        Path foreign = Files.createDirectories(folder.resolve("state/data"));
        Files.writeString(foreign.resolve("thesis"), "years of work");

        Process supervisor = up("foreign", "--fresh");

        assertThat(supervisor.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isEqualTo(1);
        assertThat(foreign.resolve("thesis")).hasContent("years of work");
    }

    private Process up(String run, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Installation.java(),
                "-Xmx512m",
                "-Dherald.log=" + folder.resolve(run + ".log"),
                "-cp",
                Installation.find().classPath(),
                Up.class.getName()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(folder.resolve(run).toFile()));
        Map<String, String> environment = builder.environment();
        environment.put("HERALD_STATE", folder.resolve("state").toString());
        Stream.of(Port.values()).forEach(port -> environment.put(port.variable(), Integer.toString(ports.of(port))));
        Process supervisor = builder.start();
        supervisors.add(supervisor);
        return supervisor;
    }

    private void awaitReady(Process supervisor, String run) {
        await().atMost(START).until(() -> said(run).contains("Herald is ready") || !supervisor.isAlive());
        assertThat(supervisor.isAlive()).as(() -> said(run)).isTrue();
    }

    private String said(String run) {
        try {
            return Files.readString(folder.resolve(run), UTF_8);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private String schemaId() throws IOException {
        return Http.get(ports.url(Port.REGISTRY) + "/apis/ccompat/v7/subjects/ledger.state-value/versions/1")
                .body();
    }
}
