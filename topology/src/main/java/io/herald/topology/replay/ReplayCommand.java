package io.herald.topology.replay;

import io.herald.schema.RuleChanged;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.snapshot.Arguments;
import io.herald.topology.snapshot.Cluster;
import io.herald.topology.snapshot.SnapshotCommand;
import io.herald.topology.snapshot.ToolMain;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code scripts/replay}. Exits with 0 when everything was decided as it had been, with 1 when something differs or
 * there is nothing to begin with, with 2 for arguments it does not know.
 */
public final class ReplayCommand {
    private ReplayCommand() {}

    public static void main(String[] words) {
        System.exit(ToolMain.run("scripts/replay", () -> {
            Arguments arguments =
                    Arguments.parse(Set.of("--from", "--to", "--rules", "--dir"), Set.of("--keep"), words);
            Clock clock = Clock.systemUTC();
            Instant from = arguments.time("--from").orElseThrow(() -> missing("--from"));
            Instant to = arguments.time("--to").orElseThrow(() -> missing("--to"));
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException("--from is not before --to");
            }
            List<RuleChanged> rules =
                    arguments.text("--rules").map(Path::of).map(RulesFile::read).orElse(List.of());
            String run = SnapshotCommand.idAt(clock.instant());
            boolean keep = arguments.has("--keep");
            // What differs goes to standard output, alone.
            Consumer<String> progress = line -> System.err.println(line);
            Map<String, String> settings = HeraldConfig.properties(System.getenv());
            Replay.Request request = new Replay.Request(run, from, to, rules, arguments.folder(), keep);
            try (Cluster cluster = new Cluster(HeraldConfig.from(settings), clock);
                    Replay replay = new Replay(cluster, settings, request, progress)) {
                Replay.Outcome outcome = replay.run(System.out::println);
                System.out.println(text(outcome));
                if (keep) {
                    System.out.println("its outputs are in replay." + run + ".*");
                }
                return outcome.same() ? 0 : 1;
            }
        }));
    }

    private static String text(Replay.Outcome outcome) {
        String done = outcome.records() + " records from snapshot " + outcome.snapshot() + " on: ";
        if (outcome.same()) {
            return done + "all " + outcome.compared() + " notifications were decided as before.";
        }
        String early = outcome.before() == 0
                ? ""
                : " " + outcome.before() + " others differ before --from already: another build, or other state.";
        return done + outcome.differing() + " of " + outcome.compared() + " notifications differ." + early;
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException(name + " is missing: a time such as 2026-03-02T10:00:00Z");
    }
}
