package io.herald.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Counts. Thread-safe. */
final class IngestMeters {
    private final MeterRegistry registry;
    private final Timer latency;
    // The registry's own look-up costs more than all else that is counted for a record.
    private final Map<List<Object>, Counter> counters = new ConcurrentHashMap<>();

    IngestMeters(MeterRegistry registry) {
        this.registry = registry;
        this.latency = Timer.builder(IngestMetric.LATENCY.meter())
                .description(IngestMetric.LATENCY.description())
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100), Duration.ofSeconds(1))
                .register(registry);
    }

    /** Counts one; {@code values} go with the metric's tags, in their order. */
    void count(IngestMetric metric, String... values) {
        count(metric, 1, values);
    }

    void count(IngestMetric metric, double amount, String... values) {
        counters.computeIfAbsent(List.of(metric, List.of(values)), any -> counter(metric, values))
                .increment(amount);
    }

    void gauge(IngestMetric metric, Supplier<Number> value) {
        Gauge.builder(metric.meter(), value).description(metric.description()).register(registry);
    }

    void answered(Duration time) {
        latency.record(time);
    }

    private Counter counter(IngestMetric metric, String... values) {
        if (values.length != metric.tags().size()) {
            throw new IllegalArgumentException(metric + " takes the tags " + metric.tags());
        }
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(metric.tags().get(i), values[i]);
        }
        return Counter.builder(metric.meter())
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }
}
