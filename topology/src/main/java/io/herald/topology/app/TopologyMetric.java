package io.herald.topology.app;

/** Every meter of the process that runs the topology. */
enum TopologyMetric {
    ROUTER_LAG("herald.topology.router.lag", "Seconds that the router is behind, by partition; 86400: not known."),
    BULK_PACE("herald.topology.bulk.pace", "Records a second that the bulk intake may write now. 0: it waits."),
    MAILS("herald.topology.mails", "Records taken into the mailbox, by intake."),
    REFUSED("herald.topology.refused", "Records that became dead letters, by intake and reason."),
    TICKS("herald.topology.ticks", "Ticks written by this process; one instance writes them for all."),
    PRUNING_STOPPED(
            "herald.topology.pruning.stopped",
            "Partitions that forget no addresses of a route, because too many are said to be gone at once."),
    FIRST_SHARE(
            "herald.topology.vendor.first.share",
            "How many of a hundred deliveries of a route go to its first provider."),
    CLAMPED_CLOCK("herald.topology.clock.clamped", "Records whose time is further ahead than the router follows."),
    THREADS("herald.topology.threads", "Stream threads, by application and state.");

    private final String meter;
    private final String description;

    TopologyMetric(String meter, String description) {
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
