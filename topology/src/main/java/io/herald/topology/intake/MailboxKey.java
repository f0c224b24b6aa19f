package io.herald.topology.intake;

import io.herald.wire.UserKey;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** Where in the mailbox a record goes. */
public sealed interface MailboxKey {
    /** To one user's partition. */
    record ForUser(UserKey user) implements MailboxKey {}

    /** To one partition. */
    record ForPartition(int partition) implements MailboxKey {}

    /** To every partition, a copy each (KIP-837). */
    record ForEveryone() implements MailboxKey {}

    /** Users have a key; what moves a partition, or everyone, has none. */
    Serializer<MailboxKey> KEY =
            (topic, key) -> key instanceof ForUser one ? one.user().bytes() : null;

    /** Places records. */
    StreamPartitioner<MailboxKey, byte[]> PARTITION =
            (topic, key, value, partitions) -> Optional.of(places(key, partitions));

    /** Returns to which of so many partitions a key goes; a user's is chosen in one place, {@link UserKey}. */
    static Set<Integer> places(MailboxKey key, int partitions) {
        if (key instanceof ForUser one) {
            return Set.of(one.user().partition(partitions));
        }
        return key instanceof ForPartition one
                ? Set.of(one.partition())
                : IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet());
    }
}
