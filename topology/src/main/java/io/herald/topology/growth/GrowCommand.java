package io.herald.topology.growth;

import io.herald.topology.app.HeraldConfig;
import io.herald.topology.snapshot.Arguments;
import io.herald.topology.snapshot.Cluster;
import io.herald.topology.snapshot.SnapshotCommand;
import io.herald.topology.snapshot.ToolMain;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** {@code scripts/grow-partitions}. Exits with 1 when it refuses, with 2 for arguments it does not know. */
public final class GrowCommand {
    private GrowCommand() {}

    public static void main(String[] words) {
        System.exit(ToolMain.run("scripts/grow-partitions", () -> {
            Arguments arguments = Arguments.parse(Set.of("--to", "--dir"), Set.of(), words);
            Clock clock = Clock.systemUTC();
            Map<String, String> settings = HeraldConfig.properties(System.getenv());
            try (Cluster cluster = new Cluster(HeraldConfig.from(settings), clock)) {
                new Growth(cluster, settings, arguments.folder(), System.out::println)
                        .grow("growth-" + SnapshotCommand.idAt(clock.instant()), arguments.number("--to"));
            }
            System.out.println("The topology can be started again.");
            return 0;
        }));
    }
}
