package io.herald.topology.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Days of users, events, changes of mind, reports, repeats, clock jumps and crashes, drawn from a seed, in a fraction
 * of a second: every promise holds after every record, every verdict is the one that the reference foretells, and what
 * a router sends that lags and dies is byte for byte what one sends that does not.
 *
 * <p>{@code scripts/simulate} tries more seeds, or again the one that a failure names.
 */
class SimulationTest {
    static final Map<String, Object> WIRE = Map.of("schema.registry.url", "mock://simulation");

    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);

    @Test
    void everyPromiseHoldsWhateverHappens() {
        List<String> failures = LongStream.range(FROM, FROM + SEEDS)
                .parallel()
                .mapToObj(SimulationTest::failure)
                .filter(Objects::nonNull)
                .toList();
        assertThat(failures)
                .as(
                        "%d of %d seeds fail, the first as below; scripts/simulate --from SEED --seeds 1",
                        failures.size(), SEEDS)
                .isEmpty();
    }

    private static String failure(long seed) {
        try {
            simulate(seed);
            return null;
        } catch (AssertionError | RuntimeException broken) {
            return "seed " + seed + ": " + broken.getMessage();
        }
    }

    private static void simulate(long seed) {
        int partitions = seed % 3 == 0 ? 2 : 1;
        Simulation simulation =
                new Simulation(WIRE, new Simulation.Terms(seed, partitions, 110, 3, Duration.ofMinutes(10), 6, false));
        simulation.run();
        for (Simulation.Partition partition : simulation.partitions()) {
            Audit audit = new Audit(WIRE).requested(simulation.requested(), partition.number(), partitions);
            List<MemoryRouter.Sent> undisturbed = audit.read(partition.number(), partition.mailbox());
            audit.end();
            same(partition, undisturbed);
        }
    }

    // Thousands of records: only where they part is of interest.
    private static void same(Simulation.Partition partition, List<MemoryRouter.Sent> undisturbed) {
        List<MemoryRouter.Sent> sent = partition.sent();
        int at = 0;
        while (at < Math.min(sent.size(), undisturbed.size()) && sent.get(at).equals(undisturbed.get(at))) {
            at++;
        }
        assertThat(sent.size() == at ? "nothing" : sent.get(at).toString())
                .as(
                        "number %d of what a router sends that lags and dies, in partition %d of %d records",
                        at, partition.number(), undisturbed.size())
                .isEqualTo(
                        undisturbed.size() == at
                                ? "nothing"
                                : undisturbed.get(at).toString());
    }
}
