package io.herald.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** How the processor time of a process divides among its threads, read from Linux's {@code /proc}; empty elsewhere. */
record ThreadTimes(Map<String, Long> ticks) {
    private static final int USER = 13 - 2;
    private static final int SYSTEM = 14 - 2;

    static ThreadTimes of(Child process) {
        Map<String, Long> ticks = new TreeMap<>();
        Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
        if (Files.isDirectory(tasks)) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
                for (Path thread : threads) {
                    add(thread.resolve("stat"), ticks);
                }
            } catch (IOException unreadable) {
                ticks.clear();
            }
        }
        return new ThreadTimes(ticks);
    }

    /** Returns the share that each kind of thread had of what was spent since {@code before}. */
    Map<String, Double> since(ThreadTimes before) {
        Map<String, Double> shares = new TreeMap<>();
        ticks.forEach((kind, spent) ->
                shares.put(kind, (double) spent - before.ticks().getOrDefault(kind, 0L)));
        double all = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        shares.replaceAll((kind, spent) -> spent / Math.max(1, all));
        return shares;
    }

    private static void add(Path stat, Map<String, Long> ticks) {
        try {
            String line = Files.readString(stat);
            int end = line.lastIndexOf(')');
            String name = line.substring(line.indexOf('(') + 1, end);
            String[] fields = line.substring(end + 2).split(" ", -1);
            ticks.merge(kind(name), Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]), Long::sum);
        } catch (IOException ended) {
            // A thread that is gone; its time is part of no other.
        }
    }

    // Linux keeps 15 characters of a name.
    private static String kind(String name) {
        if (name.startsWith("bench-")) {
            return name.contains("-rout") ? "router" : "intake";
        } else if (name.startsWith("kafka-producer")) {
            return "producers' network threads";
        } else if (name.startsWith("G1") || name.startsWith("GC") || name.startsWith("VM")) {
            return "JVM: garbage collection, safepoints";
        } else if (name.startsWith("C1") || name.startsWith("C2") || name.startsWith("Sweeper")) {
            return "JVM: compiling";
        }
        return name.startsWith("rocksdb") ? "RocksDB: flushes, compaction" : "other";
    }
}
