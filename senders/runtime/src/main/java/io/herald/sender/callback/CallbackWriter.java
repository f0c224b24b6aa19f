package io.herald.sender.callback;

import io.herald.schema.AddressReported;
import io.herald.schema.ReceiptReported;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Writes what callbacks report, and waits until Kafka has it. One that does not succeed is left to the provider, which
 * repeats the callback: nothing is kept here. Thread-safe.
 */
final class CallbackWriter implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final WireFormat wire;
    /** Of the wire format: while the registry is slow, an interrupt must end the wait for it. */
    private final Lock turn = new ReentrantLock();

    private final Duration most;

    /**
     * Creates one.
     *
     * @param producer which waits for all replicas, and gives up in less than {@code most}; closed with this
     */
    CallbackWriter(Producer<byte[], byte[]> producer, WireFormat wire, Duration most) {
        this.producer = producer;
        this.wire = wire;
        this.most = most;
    }

    /** Returns whether Kafka has acknowledged all of {@code reports}; some may be written where it has not. */
    boolean write(List<SpecificRecord> reports) throws InterruptedException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(reports.size());
        for (SpecificRecord report : reports) {
            records.add(record(report));
        }
        long deadline = System.nanoTime() + most.toNanos();
        try {
            List<Future<RecordMetadata>> writes = new ArrayList<>(records.size());
            for (ProducerRecord<byte[], byte[]> record : records) {
                writes.add(producer.send(record));
            }
            for (Future<RecordMetadata> write : writes) {
                RecordMetadata unused = write.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (ExecutionException | TimeoutException failure) {
            return false;
        }
    }

    private ProducerRecord<byte[], byte[]> record(SpecificRecord report) throws InterruptedException {
        if (report instanceof AddressReported address) {
            return record(Topics.ADDRESS_REPORTED, address.getTenant(), address.getUser(), address);
        }
        if (report instanceof ReceiptReported receipt) {
            return record(Topics.RECEIPT_REPORTED, receipt.getTenant(), receipt.getUser(), receipt);
        }
        throw new IllegalArgumentException(
                "no callback reports " + report.getClass().getSimpleName());
    }

    // By user, so that a user's STOP and START stay in their order.
    private ProducerRecord<byte[], byte[]> record(Topic topic, String tenant, String user, SpecificRecord report)
            throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return new ProducerRecord<>(topic.name(), new UserKey(tenant, user).bytes(), wire.value(topic, report));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
