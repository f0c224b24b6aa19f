package io.herald.topology.app;

import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.topic.Topics;
import io.herald.topology.intake.BulkIntake;
import io.herald.topology.intake.IntakeCounts;
import io.herald.topology.intake.RouterLagReading;
import io.herald.topology.router.RouterAlarms;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of the process. They read what the parts know; no part waits for them. */
final class TopologyMeters {
    private static final String INTAKE = "intake";
    private static final double NANOS = Duration.ofSeconds(1).toNanos();
    // Those for which intake refuses; others are the router's.
    private static final Reason[] REFUSALS = {Reason.UNREADABLE, Reason.UNKNOWN_SCHEMA, Reason.INVALID, Reason.TOO_LARGE
    };

    private final MeterRegistry registry;

    TopologyMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void routerLag(RouterLagReading lag) {
        for (int partition = 0; partition < lag.partitions(); partition++) {
            int one = partition;
            gauge(
                    TopologyMetric.ROUTER_LAG,
                    Tags.of("partition", Integer.toString(one)),
                    () -> lag.of(one).toNanos() / NANOS);
        }
    }

    void intake(IntakeCounts counts) {
        counts("urgent", counts);
        counter(TopologyMetric.TICKS, Tags.empty(), counts, IntakeCounts::ticks);
    }

    void bulk(IntakeCounts counts, BulkIntake bulk) {
        counts("bulk", counts);
        gauge(TopologyMetric.BULK_PACE, Tags.empty(), bulk::perSecond);
    }

    void router(RouterAlarms alarms) {
        for (Route route : Route.values()) {
            if (Topics.vendors(route).size() > 1) {
                gauge(TopologyMetric.FIRST_SHARE, Tags.of("route", route.name()), () -> alarms.firstShare(route));
            }
            gauge(TopologyMetric.PRUNING_STOPPED, Tags.of("route", route.name()), () -> alarms.pruningStopped(route));
        }
        counter(TopologyMetric.CLAMPED_CLOCK, Tags.empty(), alarms, RouterAlarms::clampedClocks);
    }

    void threads(Application application) {
        for (Application.ThreadState state : Application.ThreadState.values()) {
            gauge(
                    TopologyMetric.THREADS,
                    Tags.of("application", application.name(), "state", state.name()),
                    () -> application.threads(state));
        }
    }

    private void counts(String which, IntakeCounts counts) {
        Tags tags = Tags.of(INTAKE, which);
        counter(TopologyMetric.MAILS, tags, counts, IntakeCounts::mails);
        for (Reason reason : REFUSALS) {
            counter(TopologyMetric.REFUSED, tags.and("reason", reason.name()), counts, its -> its.refused(reason));
        }
    }

    private void gauge(TopologyMetric metric, Tags tags, Supplier<Number> value) {
        Gauge.builder(metric.meter(), value)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }

    private <T> void counter(TopologyMetric metric, Tags tags, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(metric.meter(), source, value)
                .description(metric.description())
                .tags(tags)
                .register(registry);
    }
}
