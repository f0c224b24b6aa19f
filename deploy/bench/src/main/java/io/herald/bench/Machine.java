package io.herald.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.apache.kafka.common.utils.AppInfoParser;

/** What a run was made on. */
final class Machine {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Machine() {}

    static void describe(Report report) {
        int cores = Runtime.getRuntime().availableProcessors();
        double memory = SYSTEM.getTotalMemorySize() / (double) (1 << 30);
        String jdk = System.getProperty("java.vm.name") + " " + Runtime.version();
        String kafka = AppInfoParser.getVersion();
        report.line("machine: %d cores, %.0f GB, %s, Kafka %s, load %.2f".formatted(cores, memory, jdk, kafka, load()));
        report.note("cores", cores);
        report.note("ram_gb", memory);
        report.note("jdk", jdk);
        report.note("kafka", kafka);
        report.note("load_before", load());
    }

    /** Returns how many threads wanted to run, on average over the last minute. */
    static double load() {
        return SYSTEM.getSystemLoadAverage();
    }
}
