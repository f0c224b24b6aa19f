package io.herald.bench;

import io.herald.local.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code scripts/bench}. Progress goes to standard error, the table to standard output. */
final class BenchMain {
    private static final List<String> KNOWN =
            List.of("router", "priority", "broadcast", "agenda", "senders", "ingest", "gateway");

    private BenchMain() {}

    /** Measures, prints, and writes the figures if asked; keeps logs only of a run that failed. */
    public static void main(String[] words) throws IOException, InterruptedException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(List.of(words), KNOWN);
        } catch (Arguments.WrongArgumentsException wrong) {
            System.err.println("scripts/bench: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        Path folder = Files.createTempDirectory("herald-bench-");
        try {
            Report report = run(arguments, folder);
            report.print(System.out);
            if (arguments.json().isPresent()) {
                report.write(arguments.json().get());
            }
        } catch (IllegalStateException | StackException failure) {
            System.err.println("scripts/bench: " + failure.getMessage() + "; the logs are in " + folder);
            System.exit(1);
        }
        delete(folder);
        System.exit(0);
    }

    private static Report run(Arguments arguments, Path folder) throws IOException, InterruptedException {
        return switch (arguments.name()) {
            case "router" -> new RouterBench(arguments.quick(), System.err).run(folder);
            case "priority" -> new PriorityBench(arguments.quick(), System.err).run(folder);
            case "broadcast" -> new BroadcastBench(arguments.quick(), System.err).run(folder);
            case "agenda" -> new AgendaBench(arguments.quick(), System.err).run(folder);
            case "senders" -> new SendersBench(arguments.quick(), System.err).run(folder);
            case "ingest" -> new IngestBench(arguments.quick(), System.err).run(folder);
            case "gateway" -> new GatewayBench(arguments.quick(), System.err).run(folder);
            default -> throw new IllegalArgumentException(arguments.name());
        };
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
