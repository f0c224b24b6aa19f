package io.herald.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Channel;
import io.herald.schema.NotificationRequested;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The producer service: events that become an inbox item and a push to two devices each, for users chosen evenly at
 * random, which suits no cache.
 */
final class Load implements AutoCloseable {
    static final String LINK = "https://example.com/p/";

    private static final String SOURCE = "load";
    static final String CATEGORY = "comment";
    private static final int PRIMES = 9_973;

    private final Rig rig;
    private final WireFormat format;
    private final Sending producer;
    private final SplittableRandom random = new SplittableRandom(1);
    private long made;

    /**
     * What a burst cost.
     *
     * @param seconds from the first event sent to the last one routed and committed
     */
    record Burst(int events, double seconds, Duration topologyCpu, Duration brokerCpu) {
        double perSecond() {
            return events / seconds;
        }

        /** Returns microseconds of processor time that intake and router took for an event. */
        double topologyMicros() {
            return topologyCpu.toNanos() / 1e3 / events;
        }

        /** Returns microseconds of processor time that the broker took for an event. */
        double brokerMicros() {
            return brokerCpu.toNanos() / 1e3 / events;
        }
    }

    Load(Rig rig) {
        this.rig = rig;
        this.format = new WireFormat(Map.of("schema.registry.url", rig.registryUrl()));
        this.producer = new Sending(rig, 5);
    }

    Sending producer() {
        return producer;
    }

    WireFormat format() {
        return format;
    }

    /** Tells the running topology the texts of the events' category. */
    void templates() {
        for (Channel channel : List.of(Channel.INBOX, Channel.PUSH)) {
            send(
                    Topics.TEMPLATE_CHANGED,
                    Population.TENANT,
                    TemplateChanged.newBuilder()
                            .setTenant(Population.TENANT)
                            .setCategory(CATEGORY)
                            .setChannel(channel)
                            .setLocale("en")
                            .setTitle("{{actor}} commented on {{object}}")
                            .setBody("Hi {{recipient}}! {{actor}} says: {{text}}")
                            .build());
        }
        producer.flush();
        rig.awaitRouted();
    }

    /** Sends a record; {@link #producer} flushes. */
    void send(Topic topic, String key, SpecificRecord value) {
        producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), format.value(topic, value)));
    }

    /** Returns how many events were made so far; the next one's link ends in this number. */
    long made() {
        return made;
    }

    /** Makes events, serialized, for users 0 to {@code users} - 1. */
    List<byte[]> events(int count, long users) {
        List<byte[]> events = new ArrayList<>(count);
        for (int event = 0; event < count; event++) {
            events.add(format.value(Topics.NOTIFICATION_REQUESTED, event(random.nextLong(users))));
        }
        return events;
    }

    /** Sends events as fast as it can, and waits until they are routed. */
    Burst burst(int count, long users) {
        List<byte[]> events = events(count, users);
        Duration topologyBefore = rig.topology().cpu();
        Duration brokerBefore = rig.broker().cpu();
        long start = System.nanoTime();
        producer.all(Topics.NOTIFICATION_REQUESTED.name(), events);
        rig.awaitRouted();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Burst(
                count,
                seconds,
                rig.topology().cpu().minus(topologyBefore),
                rig.broker().cpu().minus(brokerBefore));
    }

    @Override
    public void close() {
        producer.close();
    }

    private NotificationRequested event(long user) {
        long number = made++;
        return NotificationRequested.newBuilder()
                .setTenant(Population.TENANT)
                .setSource(SOURCE)
                .setId("event-" + number)
                .setRecipients(List.of(Population.user(user).user()))
                .setCategory(CATEGORY)
                .setActor("actor-" + number % PRIMES)
                .setData(Map.of(
                        "object", "photo " + number % PRIMES,
                        "text", "the light in number " + number * PRIMES + " is what I like best, where was it taken?"))
                .setLink(LINK + number)
                .build();
    }
}
