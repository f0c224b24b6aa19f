package io.herald.topology.snapshot;

import io.herald.topology.app.HeraldConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code scripts/snapshot}. Exits with 1 when there is no snapshot, with 2 for arguments it does not know. */
public final class SnapshotCommand {
    private static final Pattern IDS = Pattern.compile("[a-z0-9._-]{1,64}");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private SnapshotCommand() {}

    public static void main(String[] words) {
        System.exit(ToolMain.run("scripts/snapshot", () -> {
            Arguments arguments = Arguments.parse(Set.of("--id", "--dir", "--wait"), Set.of(), words);
            Clock clock = Clock.systemUTC();
            String id = arguments.text("--id").orElseGet(() -> idAt(clock.instant()));
            if (!IDS.matcher(id).matches()) {
                throw new IllegalArgumentException(
                        "--id " + id + " is not 1 to 64 characters of a-z, 0-9, '-', '.', '_'");
            }
            Duration most = arguments.number("--wait").map(Duration::ofSeconds).orElse(PATIENCE);
            try (Cluster cluster = new Cluster(HeraldConfig.from(HeraldConfig.properties(System.getenv())), clock)) {
                Snapshot snapshot =
                        new Snapshots(cluster, System.out::println).atCheckpoint(id, arguments.folder(), most);
                System.out.println(
                        snapshot.folder() + ": state of " + snapshot.manifest().at() + ", "
                                + snapshot.manifest().files().stream()
                                        .mapToLong(Manifest.Part::entries)
                                        .sum()
                                + " entries");
            }
            return 0;
        }));
    }

    /** Returns an id for what is taken at {@code time}. */
    public static String idAt(Instant time) {
        return time.toString().replaceAll("\\..*|[Z:-]", "").toLowerCase(Locale.ROOT);
    }
}
