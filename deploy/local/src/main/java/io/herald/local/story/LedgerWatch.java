package io.herald.local.story;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Receipt;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads ledger and dead letters from now on, and keeps what each event came to. */
final class LedgerWatch implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final WireFormat wire;
    // By delivery where there is one, by place in the ledger where not.
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final List<Line> waits = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final Map<String, Receipt> receipts = new HashMap<>();
    private int places;

    /**
     * What one event came to for one user on one channel and address, so far.
     *
     * @param channel "-" for an event as a whole
     * @param outcome a delivery state, and its reason where there is one
     * @param detail the ledger's word more, or null
     * @param attempt the attempt that it came to so; 0 without any
     */
    record Line(
            String event,
            String notificationId,
            String user,
            String channel,
            String addressId,
            String deliveryId,
            Long seq,
            String outcome,
            String detail,
            int attempt,
            Instant at) {
        boolean isOpen() {
            return outcome.startsWith(DeliveryState.ROUTED.name()) || outcome.startsWith(DeliveryState.WAITING.name());
        }

        boolean isAccepted() {
            return outcome.equals(DeliveryState.ACCEPTED.name());
        }

        private Line moved(Transition moved, Instant then) {
            return new Line(
                    event,
                    notificationId,
                    user,
                    channel,
                    addressId,
                    deliveryId,
                    seq,
                    LedgerWatch.outcome(moved.getState(), moved.getReason()),
                    detail,
                    moved.getAttempt(),
                    then);
        }
    }

    LedgerWatch(String bootstrap, WireFormat wire) {
        this.wire = wire;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(Topics.LEDGER, Topics.DEAD_LETTER)
                .map(Topic::name)
                .flatMap(name -> consumer.partitionsFor(name).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Reads what has come. */
    void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (record.topic().equals(Topics.DEAD_LETTER.name())) {
                deadLetters.add(wire.read(Topics.DEAD_LETTER, DeadLetter.class, record.value()));
            } else {
                take(wire.read(Topics.LEDGER, LedgerEntry.class, record.value()));
            }
        }
    }

    /** Returns what an event came to; empty before it is decided. */
    List<Line> lines(String event) {
        return lines.values().stream()
                .filter(line -> line.event().equals(event))
                .toList();
    }

    /** Returns the channels of an event that waited and do not any more, as they were while they waited. */
    List<Line> waits(String event) {
        return waits.stream().filter(line -> line.event().equals(event)).toList();
    }

    /** Returns how often an event came to what: {@code PUSH ACCEPTED=3}. */
    Map<String, Integer> found(String event) {
        Map<String, Integer> found = new TreeMap<>();
        lines(event).forEach(line -> found.merge(line.channel() + " " + line.outcome(), 1, Integer::sum));
        return found;
    }

    /** Returns whether an event has come to {@code most} ends or more, and nothing of it is open. */
    boolean isEnded(String event, int most) {
        List<Line> ofEvent = lines(event);
        return ofEvent.size() >= most && ofEvent.stream().noneMatch(Line::isOpen);
    }

    /** Returns what providers said later of an event's deliveries. */
    List<Receipt> receipts(String event) {
        return lines(event).stream()
                .map(line -> receipts.get(line.deliveryId()))
                .filter(Objects::nonNull)
                .toList();
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void take(LedgerEntry entry) {
        if (entry.getBody() instanceof Decision decision) {
            if (decision.getReason() != null) {
                put(line(entry, decision, "-", null, null, "SKIPPED " + decision.getReason(), null));
            }
            if (decision.getAgain()) {
                decision.getVerdicts().forEach(verdict -> wakes(entry, verdict));
            }
            for (ChannelVerdict verdict : decision.getVerdicts()) {
                put(line(
                        entry,
                        decision,
                        verdict.getChannel().name(),
                        verdict.getAddressId(),
                        verdict.getDeliveryId(),
                        outcome(verdict.getState(), verdict.getReason()),
                        verdict.getDetail()));
            }
        } else if (entry.getBody() instanceof Transition said && said.getReceipt() != null) {
            receipts.put(said.getDeliveryId(), said.getReceipt());
        } else if (entry.getBody() instanceof Transition moved && !moved.getLate()) {
            lines.computeIfPresent(moved.getDeliveryId(), (id, line) -> line.moved(moved, entry.getAt()));
        }
    }

    // What is said of a channel that waited takes the place of its wait.
    private void wakes(LedgerEntry entry, ChannelVerdict verdict) {
        lines.values().removeIf(line -> {
            boolean woken = line.notificationId().equals(entry.getNotificationId())
                    && line.channel().equals(verdict.getChannel().name())
                    && line.deliveryId() == null
                    && line.isOpen();
            if (woken) {
                waits.add(line);
            }
            return woken;
        });
    }

    private void put(Line line) {
        places++;
        lines.put(line.deliveryId() == null ? "#" + places : line.deliveryId(), line);
    }

    private static Line line(
            LedgerEntry entry,
            Decision decision,
            String channel,
            String addressId,
            String deliveryId,
            String outcome,
            String detail) {
        return new Line(
                decision.getEventId(),
                entry.getNotificationId(),
                entry.getUser(),
                channel,
                addressId,
                deliveryId,
                decision.getSeq(),
                outcome,
                detail,
                0,
                entry.getAt());
    }

    private static String outcome(DeliveryState state, Object reason) {
        return reason == null ? state.name() : state + " " + reason;
    }
}
