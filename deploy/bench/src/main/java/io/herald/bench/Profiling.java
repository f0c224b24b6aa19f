package io.herald.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums up sampled stacks: which library has the time, and which of Herald's own methods it is spent under. */
final class Profiling {
    private static final String HERALD = "io.herald.";
    /** By the class of the innermost frame that is not of the JDK; the first that fits counts. */
    private static final Map<String, String> LIBRARIES = libraries();

    private final Map<String, Integer> states = new TreeMap<>();
    private final Map<String, Integer> libraries = new HashMap<>();
    private final Map<String, Integer> methods = new HashMap<>();
    private int samples;
    private int running;

    private static Map<String, String> libraries() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("org.rocksdb.", "RocksDB");
        known.put("org.apache.avro.", "Avro");
        known.put("io.herald.schema.", "Avro");
        known.put("io.confluent.", "Confluent serializer");
        known.put("com.google.common.", "Confluent serializer");
        known.put("org.apache.kafka.streams.", "Kafka Streams");
        known.put("org.apache.kafka.clients.consumer.", "Kafka consumer");
        known.put("org.apache.kafka.clients.producer.", "Kafka producer");
        known.put("org.apache.kafka.common.record.", "Kafka records, lz4");
        known.put("net.jpountz.", "Kafka records, lz4");
        known.put("org.apache.kafka.", "Kafka, other");
        known.put(HERALD, "Herald");
        return known;
    }

    /** Reads what {@link StackSampler} wrote. */
    static Profiling of(Path file) throws IOException {
        Profiling profiling = new Profiling();
        for (String line : Files.readAllLines(file)) {
            List<String> parts = List.of(line.split(StackSampler.FRAMES));
            profiling.add(
                    Integer.parseInt(parts.get(0)),
                    parts.get(1).contains("-router-") ? "router" : "intake",
                    parts.get(2),
                    parts.subList(3, parts.size()));
        }
        return profiling;
    }

    /** Adds what a thread was seen doing, with the outermost frame first. */
    void add(int times, String thread, String state, List<String> frames) {
        samples += times;
        String doing = doing(state, frames);
        states.merge(thread + " " + doing, times, Integer::sum);
        if (doing.equals("running")) {
            running += times;
            libraries.merge(library(frames), times, Integer::sum);
            methods(frames).forEach(method -> methods.merge(method, times, Integer::sum));
        }
    }

    /** Returns shares of all samples: what the threads do, running or waiting for what. */
    Map<String, Double> states() {
        return shares(states, samples, states.size());
    }

    /** Returns shares of the running samples by library, the largest first. */
    Map<String, Double> libraries(int most) {
        return shares(libraries, running, most);
    }

    /** Returns shares of the running samples that had a method of Herald's on the stack, the largest first. */
    Map<String, Double> methods(int most) {
        return shares(methods, running, most);
    }

    private static String doing(String state, List<String> frames) {
        String innermost = frames.isEmpty() ? "" : frames.get(frames.size() - 1);
        if (frames.stream().anyMatch(frame -> frame.contains("KafkaProducer#commitTransaction"))
                && !state.equals("RUNNABLE")) {
            return "waits for a commit";
        }
        return !state.equals("RUNNABLE") || innermost.startsWith("sun.nio.ch.EPoll#wait") ? "waits" : "running";
    }

    private static String library(List<String> frames) {
        for (int frame = frames.size() - 1; frame >= 0; frame--) {
            for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
                if (frames.get(frame).startsWith(library.getKey())) {
                    return library.getValue();
                }
            }
        }
        return "other";
    }

    private static Set<String> methods(List<String> frames) {
        Set<String> methods = new HashSet<>();
        for (String frame : frames) {
            if (frame.startsWith(HERALD) && !frame.contains("lambda$")) {
                methods.add(frame.substring(frame.lastIndexOf('.', frame.indexOf('#')) + 1)
                        .replace('#', '.'));
            }
        }
        return methods;
    }

    private static Map<String, Double> shares(Map<String, Integer> counts, int of, int most) {
        Map<String, Double> shares = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(count -> shares.put(count.getKey(), count.getValue() / (double) Math.max(1, of)));
        return shares;
    }
}
