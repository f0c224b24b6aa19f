package io.herald.topology.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The same days once with a router that keeps up, and once with one that is behind, now and then, by up to ten minutes:
 * providers are asked for the same deliveries, each once.
 */
class LagTest {
    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final int SEEDS = Math.max(1, Integer.getInteger("simulation.seeds", 200) / 8);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Test
    void aRouterThatIsBehindSendsNeitherMoreNorLess() {
        List<String> failures = LongStream.range(FROM, FROM + SEEDS)
                .parallel()
                .mapToObj(LagTest::failure)
                .filter(Objects::nonNull)
                .toList();
        assertThat(failures)
                .as("%d of %d seeds fail; scripts/simulate --from SEED --seeds 1", failures.size(), SEEDS)
                .isEmpty();
    }

    private static String failure(long seed) {
        Map<String, Long> prompt = attempts(seed, Duration.ZERO);
        Map<String, Long> late = attempts(seed, LONGEST);
        return prompt.equals(late) ? null : "seed " + seed + ": " + differences(prompt, late);
    }

    private static Map<String, Long> attempts(long seed, Duration lag) {
        Simulation simulation =
                new Simulation(SimulationTest.WIRE, new Simulation.Terms(seed, 1, 110, 3, lag, 0, true));
        simulation.run();
        return simulation.senders().attempted().stream()
                .filter(delivery -> !delivery.getSilent())
                .collect(Collectors.groupingBy(LagTest::name, TreeMap::new, Collectors.counting()));
    }

    private static String name(Delivery delivery) {
        return delivery.getCategory() + " " + delivery.getUser() + " " + delivery.getRoute() + " "
                + delivery.getDeliveryId();
    }

    private static String differences(Map<String, Long> prompt, Map<String, Long> late) {
        List<String> differ = Stream.concat(prompt.keySet().stream(), late.keySet().stream())
                .distinct()
                .filter(name -> !Objects.equals(prompt.get(name), late.get(name)))
                .map(name -> name + " " + prompt.get(name) + " times, and when it is behind " + late.get(name))
                .toList();
        return differ.size() + " differ, first " + differ.get(0);
    }
}
