package io.herald.sender;

/**
 * Every meter of a sender. All carry the tag {@code route}, and {@code lane} but for {@link #REPORTS_WAITING},
 * {@link #REPORT_FAILURES}, {@link #CALLBACKS}, {@link #CIRCUIT} and {@link #RATE_LIMIT}: the lanes share the writer of
 * reports and the account, and callbacks have none.
 *
 * <p>For each lane of a sender, the calls of {@link #REQUEST} are the {@link #REPORTED} that are not STALE, and those
 * in flight. {@link #REPORTED}, {@link #DEAD_LETTERS} and those in flight are the records read, but for the few that
 * were done before a restart.
 */
enum SenderMetric {
    REPORTED("herald.sender.reported", "Reports that Kafka has acknowledged, by outcome."),
    REQUEST("herald.sender.request", "Time from the call of the provider to its answer, by outcome."),
    AGE("herald.sender.age", "Time from the router's decision to the report's acknowledgement, by outcome."),
    IN_FLIGHT("herald.sender.in.flight", "Deliveries between call and committed progress: what a crash may repeat."),
    IN_FLIGHT_LIMIT("herald.sender.in.flight.limit", "How many there may be."),
    HELD(
            "herald.sender.held",
            "Deliveries that wait for the provider to be well: they found it ill, or it was when their turn came."),
    CIRCUIT("herald.sender.circuit", "0: deliveries go out; 1: one is tried; 2: all wait for the provider."),
    RATE_LIMIT("herald.sender.rate.limit", "Deliveries, or what they weigh, that may go in a second now."),
    INTERRUPTED(
            "herald.sender.interrupted",
            "Deliveries that may have been sent before a crash or hand-over; reported as UNKNOWN."),
    REPORTS_WAITING("herald.sender.reports.waiting", "Reports that Kafka has not been given yet. Above 0: it is slow."),
    LATE_ANSWERS(
            "herald.sender.late.answers", "Answers after the request's time was over; reported as UNKNOWN before."),
    PROVIDER_FAILURES("herald.sender.provider.failures", "Calls that threw or failed without an outcome: bugs."),
    DEAD_LETTERS("herald.sender.dead.letters", "Records that could not be read."),
    REPORT_FAILURES("herald.sender.report.failures", "Writes of a report that failed, and were or will be repeated."),
    CALLBACKS("herald.sender.callbacks", "Callbacks of the provider, by result.");

    private final String meter;
    private final String description;

    SenderMetric(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    /** Returns the meter's name. */
    String meter() {
        return meter;
    }

    /** Returns what it counts or measures. */
    String description() {
        return description;
    }
}
