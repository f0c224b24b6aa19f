package io.herald.sender;

import io.herald.schema.Lane;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.sender.callback.CallbackResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Meters of one sender, made at the start, so that all of them exist before anything happens. */
final class SenderMeters {
    private static final String ROUTE = "route";
    private static final String LANE = "lane";
    private static final String OUTCOME = "outcome";
    private static final String RESULT = "result";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<ReportedOutcome, Counter> reported = new EnumMap<>(ReportedOutcome.class);
    private final Map<ReportedOutcome, Timer> requests = new EnumMap<>(ReportedOutcome.class);
    private final Map<ReportedOutcome, Timer> ages = new EnumMap<>(ReportedOutcome.class);
    private final Map<SenderMetric, Counter> counters = new EnumMap<>(SenderMetric.class);

    private SenderMeters(MeterRegistry registry, Tags tags, SenderMetric... counted) {
        this.registry = registry;
        this.tags = tags;
        for (SenderMetric metric : counted) {
            counters.put(metric, counter(metric, tags));
        }
    }

    /** Makes those that the lanes share. */
    static SenderMeters ofSender(MeterRegistry registry, Route route) {
        return new SenderMeters(registry, Tags.of(ROUTE, route.name()), SenderMetric.REPORT_FAILURES);
    }

    /** Makes those of one lane. */
    static SenderMeters ofLane(MeterRegistry registry, Route route, Lane lane) {
        SenderMeters meters = new SenderMeters(
                registry,
                Tags.of(ROUTE, route.name(), LANE, lane.name()),
                SenderMetric.LATE_ANSWERS,
                SenderMetric.PROVIDER_FAILURES,
                SenderMetric.INTERRUPTED,
                SenderMetric.DEAD_LETTERS);
        meters.addOutcomes();
        return meters;
    }

    /** Makes those of callbacks. */
    static Consumer<CallbackResult> ofCallbacks(MeterRegistry registry, Route route) {
        SenderMeters meters = new SenderMeters(registry, Tags.of(ROUTE, route.name()));
        Map<CallbackResult, Counter> counters = new EnumMap<>(CallbackResult.class);
        for (CallbackResult result : CallbackResult.values()) {
            counters.put(
                    result, meters.counter(SenderMetric.CALLBACKS, meters.tags.and(Tag.of(RESULT, result.name()))));
        }
        return result -> counters.get(result).increment();
    }

    private void addOutcomes() {
        for (ReportedOutcome outcome : ReportedOutcome.values()) {
            Tags both = tags.and(Tag.of(OUTCOME, outcome.name()));
            reported.put(outcome, counter(SenderMetric.REPORTED, both));
            requests.put(outcome, timer(SenderMetric.REQUEST, both));
            ages.put(outcome, timer(SenderMetric.AGE, both));
        }
    }

    void requested(ReportedOutcome outcome, Duration taken) {
        requests.get(outcome).record(taken);
    }

    void reported(ReportedOutcome outcome, Duration age) {
        reported.get(outcome).increment();
        ages.get(outcome).record(age.isNegative() ? Duration.ZERO : age);
    }

    /** Counts one of those that have no outcome. */
    void count(SenderMetric metric) {
        counters.get(metric).increment();
    }

    void gauge(SenderMetric metric, Supplier<Number> value) {
        Gauge.builder(metric.meter(), value)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    private Counter counter(SenderMetric metric, Tags its) {
        return Counter.builder(metric.meter())
                .description(metric.description())
                .tags(its)
                .register(registry);
    }

    private Timer timer(SenderMetric metric, Tags its) {
        return Timer.builder(metric.meter())
                .description(metric.description())
                .tags(its)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(registry);
    }
}
