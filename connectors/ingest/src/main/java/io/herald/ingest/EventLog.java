package io.herald.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.http.KafkaWriter;
import io.herald.http.Problem;
import io.herald.schema.Hash16;
import io.herald.schema.IngestAudited;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Writes what a request asks for to Kafka, and beside it who asked. Done means that all in-sync replicas have both; so
 * nothing is answered with 202 that could be lost, or that nobody could be asked about. Thread-safe.
 */
final class EventLog {
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final KafkaWriter writer;
    private final IngestMeters meters;

    EventLog(KafkaWriter writer, IngestMeters meters) {
        this.writer = writer;
        this.meters = meters;
    }

    /**
     * A record to write.
     *
     * @param key null: any partition
     */
    record Entry(Topic topic, String key, SpecificRecord value) {
        byte[] keyBytes() {
            return key == null ? null : key.getBytes(UTF_8);
        }
    }

    /**
     * What became of a record.
     *
     * @param place where it is; null where it is not known to be anywhere
     * @param problem why not
     */
    record Written(RecordMetadata place, Problem problem) {}

    /**
     * Writes all, and returns what became of each, in their order.
     *
     * <p>The audit record goes its way at the same time, not before: it says what was asked. Where it cannot be written
     * no record counts as written, though some may be in Kafka: repeats of them are found by their identity.
     */
    Future<List<Written>> write(Call call, List<Entry> entries) {
        List<CompletableFuture<RecordMetadata>> writes = new ArrayList<>(entries.size() + 1);
        for (Entry entry : entries) {
            writes.add(
                    writer.write(entry.topic(), entry.keyBytes(), entry.value()).toCompletableFuture());
        }
        writes.add(
                writer.write(Topics.INGEST_AUDITED, call.caller().tenant().getBytes(UTF_8), audit(call, entries.size()))
                        .toCompletableFuture());
        CompletableFuture<List<Written>> all = CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> outcomes(entries, writes));
        return Future.fromCompletionStage(all, call.context());
    }

    private List<Written> outcomes(List<Entry> entries, List<CompletableFuture<RecordMetadata>> writes) {
        Optional<Problem> unaudited = problem(writes.get(entries.size()));
        List<Written> outcomes = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Problem problem = problem(writes.get(i)).or(() -> unaudited).orElse(null);
            outcomes.add(new Written(problem == null ? writes.get(i).join() : null, problem));
            meters.count(
                    IngestMetric.RECORDS, entries.get(i).topic().name(), problem == null ? "written" : "unavailable");
        }
        return outcomes;
    }

    private static Optional<Problem> problem(CompletableFuture<RecordMetadata> write) {
        if (!write.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return write.handle((place, failure) -> Optional.of(problem(failure))).join();
    }

    private static Problem problem(Throwable failure) {
        return failure instanceof RecordTooLargeException
                ? new Problem(413, "too-large", "It is larger than Kafka takes.", null, null)
                : Problem.unavailable("Kafka does not acknowledge writes now. Send it again.", AGAIN);
    }

    private static IngestAudited audit(Call call, int records) {
        return IngestAudited.newBuilder()
                .setTenant(call.caller().tenant())
                .setCaller(call.caller().id())
                .setOperation(call.operation().name())
                .setRecords(records)
                .setRequestHash(hash16(call.requestHash().get()))
                .setIdempotencyKeyHash(
                        call.idempotencyKey() == null
                                ? null
                                : hash16(Sha256.of(call.idempotencyKey().getBytes(UTF_8))))
                .setAt(call.at())
                .build();
    }

    private static Hash16 hash16(byte[] sha256) {
        return new Hash16(Arrays.copyOf(sha256, 16));
    }
}
