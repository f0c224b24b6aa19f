package io.herald.websocket;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** Counts. Thread-safe. */
final class GatewayMeters {
    private static final Duration[] PUSH_BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Timer push;

    GatewayMeters(MeterRegistry registry) {
        this.registry = registry;
        this.push = Timer.builder(GatewayMetric.PUSH.meter())
                .description(GatewayMetric.PUSH.description())
                .serviceLevelObjectives(PUSH_BUCKETS)
                .register(registry);
    }

    /** Counts one; {@code values} go with the metric's tags, in their order. */
    void count(GatewayMetric metric, String... values) {
        Counter.builder(metric.meter())
                .description(metric.description())
                .tags(tags(metric, values))
                .register(registry)
                .increment();
    }

    void gauge(GatewayMetric metric, Supplier<Number> value, String... values) {
        Gauge.builder(metric.meter(), value)
                .description(metric.description())
                .tags(tags(metric, values))
                .register(registry);
    }

    /** Records how long a change took to its socket; clocks that disagree count as no time. */
    void pushed(Duration time) {
        push.record(time.isNegative() ? Duration.ZERO : time);
    }

    private static Tags tags(GatewayMetric metric, String... values) {
        if (values.length != metric.tags().size()) {
            throw new IllegalArgumentException(metric + " takes the tags " + metric.tags());
        }
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(metric.tags().get(i), values[i]);
        }
        return tags;
    }
}
