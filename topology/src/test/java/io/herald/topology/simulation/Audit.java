package io.herald.topology.simulation;

import io.herald.schema.NotificationRequested;
import io.herald.topic.Topic;
import io.herald.topology.guarantee.BroadcastsHitOnce;
import io.herald.topology.guarantee.DigestsConserve;
import io.herald.topology.guarantee.Guarantee;
import io.herald.topology.guarantee.History;
import io.herald.topology.guarantee.OneEndEach;
import io.herald.topology.intake.SimulatedIntake.Letter;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads a mailbox once more, through a router that never dies, and holds what that sends against every promise and
 * against the reference, after each record.
 */
final class Audit {
    private final Map<String, Object> wireConfig;
    private final WireFormat wire;
    private final List<Guarantee> promises = new ArrayList<>(Guarantee.all());

    Audit(Map<String, Object> wireConfig) {
        this.wireConfig = wireConfig;
        this.wire = new WireFormat(wireConfig);
        promises.add(new Reference(promise(History.class)));
    }

    /** Tells which events there were, for the users of a partition. */
    Audit requested(List<NotificationRequested> events, int partition, int partitions) {
        for (NotificationRequested event : events) {
            List<String> here = event.getRecipients().stream()
                    .filter(user -> new UserKey(event.getTenant(), user).partition(partitions) == partition)
                    .toList();
            NotificationRequested part =
                    NotificationRequested.newBuilder(event).setRecipients(here).build();
            promises.forEach(promise -> promise.requested(part));
        }
        return this;
    }

    /** Reads a mailbox, and returns what the router sent. */
    List<MemoryRouter.Sent> read(int partition, List<Letter> mailbox) {
        return read(partition, mailbox, UnaryOperator.identity());
    }

    /** Reads a mailbox; {@code forged} changes what is told of what the router sent for a record. */
    List<MemoryRouter.Sent> read(int partition, List<Letter> mailbox, UnaryOperator<List<MemoryRouter.Sent>> forged) {
        MemoryRouter router = new MemoryRouter(wireConfig, partition, 1_000);
        List<MemoryRouter.Sent> all = new ArrayList<>();
        for (Letter letter : mailbox) {
            router.process(
                    letter.key(), letter.value(), letter.mail().getAcceptedAt().toEpochMilli());
            List<MemoryRouter.Sent> sent = router.commit();
            all.addAll(sent);
            try {
                promises.forEach(promise -> promise.read(letter.mail()));
                forged.apply(sent).forEach(this::tell);
                promises.forEach(Guarantee::check);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "at offset " + (router.offset() - 1) + " of partition " + partition + ", " + letter.mail()
                                + "\n" + broken.getMessage(),
                        broken);
            }
        }
        return all;
    }

    /** Demands that nothing is missing, and nothing is left to be done. */
    void end() {
        promises.forEach(Guarantee::checkAtRest);
        promise(OneEndEach.class).checkEnded();
        promise(DigestsConserve.class).checkEnded();
        promise(BroadcastsHitOnce.class).checkEnded();
    }

    private void tell(MemoryRouter.Sent sent) {
        Topic topic = sent.topic();
        Class<?> type = SpecificData.get().getClass(topic.value());
        SpecificRecord value = sent.value() == null
                ? null
                : wire.read(
                        topic,
                        type.asSubclass(SpecificRecord.class),
                        sent.value().get());
        byte[] key = sent.key() == null ? null : sent.key().get();
        promises.forEach(promise -> promise.written(topic, key, value));
    }

    private <T extends Guarantee> T promise(Class<T> type) {
        return promises.stream()
                .flatMap(promise -> type.isInstance(promise) ? Stream.of(type.cast(promise)) : Stream.empty())
                .findFirst()
                .orElseThrow();
    }
}
