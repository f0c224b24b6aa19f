package io.herald.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the broker could take at most: one plain producer that writes records which Herald wrote, to as many topics and
 * partitions, and does nothing else. No transactions, no reading, large batches.
 */
final class BrokerLimit implements AutoCloseable {
    private static final String PREFIX = "bench.limit.";
    private static final int LINGER_MS = 20;
    private static final int CLOCK_EVERY = 1_000;

    private final Rig rig;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Sending producer;
    private int next;

    /**
     * What the limit is.
     *
     * @param micros processor time of producer and broker for a record, in microseconds
     */
    record Rate(double perSecond, double micros) {}

    /** Prepares to write {@code written}, in any order, to topics of its own. */
    BrokerLimit(Rig rig, List<ProducerRecord<byte[], byte[]>> written) {
        this.rig = rig;
        rig.create(
                written.stream().map(record -> PREFIX + record.topic()).collect(Collectors.toSet()),
                Map.of("retention.bytes", Long.toString(256L << 20), "segment.bytes", Integer.toString(64 << 20)));
        for (ProducerRecord<byte[], byte[]> record : written) {
            records.add(
                    new ProducerRecord<>(PREFIX + record.topic(), record.partition(), record.key(), record.value()));
        }
        Collections.shuffle(records, new Random(1));
        producer = new Sending(rig, LINGER_MS);
    }

    /** Writes for some time; what counts is acknowledged. */
    Rate measure(Duration time) {
        Duration cpuBefore = cpu();
        long start = System.nanoTime();
        long sent = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            for (int record = 0; record < CLOCK_EVERY; record++) {
                producer.send(records.get(next));
                next = (next + 1) % records.size();
            }
            sent += CLOCK_EVERY;
        }
        producer.flush();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Rate(sent / seconds, cpu().minus(cpuBefore).toNanos() / 1e3 / sent);
    }

    private Duration cpu() {
        Duration here = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return rig.broker().cpu().plus(here);
    }

    @Override
    public void close() {
        producer.close();
    }
}
