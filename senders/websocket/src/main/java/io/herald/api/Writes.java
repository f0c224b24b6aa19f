package io.herald.api;

import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.topic.Topic;
import io.herald.topology.intake.Checks;
import io.herald.topology.intake.RefusedException;
import io.herald.wire.Heard;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes what users want; done once Kafka has it. */
public final class Writes {
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final UserLog log;
    private final Clock clock;

    /** Where it is written. */
    @FunctionalInterface
    public interface UserLog {
        /** Writes a record of a user; see {@link io.herald.http.KafkaWriter#write}. */
        CompletionStage<RecordMetadata> write(Topic topic, UserKey user, SpecificRecord value);
    }

    public Writes(UserLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Writes what can be read back, and answers with its receipt. */
    Future<Answer> accept(Topic topic, UserKey user, SpecificRecord value) {
        return write(topic, user, value)
                .map(where -> Answer.accepted(Heard.at(where.topic(), where.partition(), where.offset())));
    }

    /** Writes a record that intake will accept; fails with a {@link ProblemException} otherwise. */
    public Future<RecordMetadata> write(Topic topic, UserKey user, SpecificRecord value) {
        try {
            Checks.check(topic, value, clock.instant());
        } catch (RefusedException refused) {
            return Future.failedFuture(new ProblemException(Problem.invalid(pointer(refused), sentence(refused))));
        }
        return Future.fromCompletionStage(log.write(topic, user, value))
                .recover(failure -> Future.failedFuture(new ProblemException(
                        Problem.unavailable("It may or may not be kept; it can be sent again.", AGAIN))));
    }

    // Intake names the field and not which entry of a list: zone, quietHours.startMinute.
    private static String pointer(RefusedException refused) {
        return refused.field() == null ? "" : "/" + refused.field().replace('.', '/');
    }

    private static String sentence(RefusedException refused) {
        String said = refused.getMessage();
        return said.substring(0, 1).toUpperCase(Locale.ROOT) + said.substring(1) + ".";
    }
}
