package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine would read in deploy/docker, as far as it can be told without one. */
@Timeout(60)
class ContainerFilesTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path FOLDER = ROOT.resolve("deploy/docker");
    private static final List<String> KNOWN =
            List.of("ARG", "FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT");

    /** A row of the table of images. */
    record Image(String name, String module, String main, String heap) {}

    static List<Image> images() throws IOException {
        return Files.readAllLines(FOLDER.resolve("images")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.trim().split("\\s+"))
                .map(words -> new Image(words[0], words[1], words[2], words[3]))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("images")
    void startsAMainClassOfAModule(Image image) throws Exception {
        Path module = ROOT.resolve(image.module());
        Method main = Class.forName(image.main()).getMethod("main", String[].class);

        assertThat(module.resolve("pom.xml")).exists();
        assertThat(module.resolve("src/main/java/" + image.main().replace('.', '/') + ".java"))
                .exists();
        assertThat(Modifier.isStatic(main.getModifiers())).isTrue();
        assertThat(image.heap()).matches("\\d+m");
    }

    @Test
    void knowsEachSenderAndNameOnce() throws IOException {
        List<String> notSenders = List.of("runtime", "testkit");
        try (Stream<Path> folders = Files.list(ROOT.resolve("senders"))) {
            List<String> senders = folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !notSenders.contains(name))
                    .map(name -> "senders/" + name)
                    .toList();
            assertThat(images()).extracting(Image::module).containsAll(senders).contains("topology");
        }
        assertThat(images()).extracting(Image::name).doesNotHaveDuplicates();
    }

    @Test
    void runsAsNobodyWithALimitAndAHealthCheck() throws IOException {
        Map<String, List<String>> file = instructions();

        assertThat(KNOWN).containsAll(file.keySet());
        assertThat(file.get("FROM")).singleElement().asString().endsWith(":17-jre");
        assertThat(file.get("USER")).containsExactly("10001:10001");
        assertThat(file.get("HEALTHCHECK")).singleElement().asString().contains("live");
        assertThat(file.get("ENTRYPOINT")).singleElement().asString().contains("exec java");
        assertThat(file.get("ENV"))
                .singleElement()
                .asString()
                .contains("MALLOC_ARENA_MAX=2", "-Xmx${HEAP}", "-XX:MaxDirectMemorySize");
    }

    @Test
    void copiesJarsAndTheHealthCheckAndNothingElse() throws IOException {
        for (String copy : instructions().get("COPY")) {
            String source = copy.substring(0, copy.indexOf(' '));
            if (source.startsWith("${MODULE}/target/")) {
                assertThat(source).matches("\\$\\{MODULE}/target/(dependency/|herald-\\*\\.jar)");
            } else {
                assertThat(ROOT.resolve(source)).isRegularFile();
            }
        }
        assertThat(Files.readAllLines(FOLDER.resolve("Dockerfile.dockerignore")))
                .contains("**");
    }

    @Test
    void holdsNoSecret() throws IOException {
        Map<String, List<String>> file = instructions();

        assertThat(Stream.concat(file.get("ARG").stream(), file.get("ENV").stream()))
                .allSatisfy(text -> assertThat(text.toUpperCase(Locale.ROOT))
                        .doesNotContain("PASSWORD", "SECRET", "TOKEN", "_KEY", "CREDENTIAL"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            200, 0, it lives
            503, 1, a loop has ended
            404, 1, somebody else listens
            """)
    void tellsWhetherTheProcessLives(int status, int exit, String why) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/live") ? status : 404, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(live(server.getAddress().getPort())).as(why).isEqualTo(exit);
        } finally {
            server.stop(0);
        }
        assertThat(live(server.getAddress().getPort())).as("nobody listens").isEqualTo(1);
    }

    private static int live(int port) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", FOLDER.resolve("live").toString(), Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Returns what comes behind each instruction, with lines that go on put together. */
    private static Map<String, List<String>> instructions() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        StringBuilder whole = new StringBuilder();
        for (String line : Files.readAllLines(FOLDER.resolve("Dockerfile"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            boolean goesOn = line.endsWith("\\");
            whole.append(goesOn ? line.substring(0, line.length() - 1) : line);
            if (!goesOn) {
                String[] words = whole.toString().trim().split("\\s+", 2);
                assertThat(words).as("an instruction and what it is about").hasSize(2);
                found.computeIfAbsent(words[0], any -> new ArrayList<>()).add(words[1]);
                whole.setLength(0);
            }
        }
        assertThat(whole).as("a line that goes on").isEmpty();
        return found;
    }
}
