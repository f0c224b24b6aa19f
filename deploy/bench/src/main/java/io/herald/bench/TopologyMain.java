package io.herald.bench;

import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.TopologyApp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The topology's process: intake and router as they are run in production, started and stopped by order, so that one
 * warm JVM serves several settings.
 */
final class TopologyMain {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration START = Duration.ofMinutes(4);

    private TopologyApp app;
    private StackSampler sampler;

    private TopologyMain() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        TopologyMain topology = new TopologyMain();
        new Orders(System.out).obey(topology::obey);
        topology.stop();
        System.exit(0);
    }

    private String obey(List<String> order) throws InterruptedException, IOException {
        return switch (order.get(0)) {
            case "start" -> start(order.subList(1, order.size()));
            case "stop" -> stop();
            case "heap" -> heap();
            case "sample" -> sample();
            case "sampled" -> sampled(Path.of(order.get(1)));
            default -> throw new IllegalArgumentException("no order " + order);
        };
    }

    private String start(List<String> settings) throws InterruptedException {
        app = TopologyApp.start(HeraldConfig.from(Orders.settings(settings)));
        long deadline = System.nanoTime() + START.toNanos();
        while (!app.ready()) {
            if (app.awaitFailure(LOOK) || System.nanoTime() > deadline) {
                throw new IllegalStateException("the topology does not start");
            }
        }
        return "";
    }

    private String stop() {
        if (app != null) {
            app.close();
            app = null;
        }
        return "";
    }

    private static String heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return Long.toString(memory.getHeapMemoryUsage().getUsed());
    }

    private String sample() {
        sampler = new StackSampler();
        return "";
    }

    private String sampled(Path file) throws IOException, InterruptedException {
        sampler.end(file);
        return "";
    }
}
