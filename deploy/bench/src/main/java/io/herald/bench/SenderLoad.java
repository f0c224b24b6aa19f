package io.herald.bench;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.testkit.TestDeliveries;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The router: deliveries, decided and rendered, for ten thousand users in turn. */
final class SenderLoad implements AutoCloseable {
    /** The first half of an id: nothing special. */
    static final long PLAIN = 1;
    /** The first half of an id whose second half is when it was due, in nanoseconds. */
    static final long TIMED = 2;

    static final String APP = "io.herald.demo";
    static final int USERS = 10_000;

    private static final Duration LIFE = Duration.ofHours(6);
    private static final String[] APNS_TOKENS = tokens("%064x"::formatted);
    private static final String[] FCM_TOKENS = tokens(number -> "device-" + number + ":" + "t".repeat(140));

    private final WireFormat wire;
    private final Sending producer;

    SenderLoad(Backbone backbone) {
        this.wire = new WireFormat(Map.of("schema.registry.url", backbone.registryUrl()));
        this.producer = new Sending(backbone, 5);
    }

    static String apnsToken(int number) {
        return APNS_TOKENS[number % USERS];
    }

    static String fcmToken(int number) {
        return FCM_TOKENS[number % USERS];
    }

    private static String[] tokens(IntFunction<String> token) {
        return IntStream.range(0, USERS).mapToObj(token).toArray(String[]::new);
    }

    static String address(Route route, int number) {
        return switch (route) {
            case APNS -> apnsToken(number);
            case FCM -> fcmToken(number);
            case EMAIL -> "user-" + number % USERS + "@example.com";
            default -> throw new IllegalArgumentException(route.name());
        };
    }

    static String title(int number) {
        return "actor-" + number % USERS + " commented on photo " + number;
    }

    static String body(int number) {
        return "Hi Ann! actor-" + number % USERS + " says: the light in number " + number
                + " is what I like best, where was it taken?";
    }

    static String link(int number) {
        return "https://example.com/p/" + number;
    }

    /** Makes a delivery, serialized. */
    ProducerRecord<byte[], byte[]> delivery(Route route, Lane lane, int number, UUID id) {
        Topic topic = Topics.delivery(route, lane);
        UserKey user = new UserKey("acme", "user-" + number % USERS);
        Instant end = Instant.now().plus(LIFE);
        Delivery delivery = TestDeliveries.to(route, address(route, number))
                .setTenant(user.tenant())
                .setUser(user.user())
                .setNotificationId(id.toString())
                .setDeliveryId(id.toString())
                .setLane(lane)
                .setApp(APP)
                .setTitle(title(number))
                .setBody(body(number))
                .setLink(link(number))
                .setExpiresAt(end)
                .setValidUntil(end)
                .build();
        return new ProducerRecord<>(topic.name(), user.bytes(), wire.value(topic, delivery));
    }

    /** Writes so many, and waits until they are written. */
    void write(Route route, Lane lane, int count) {
        for (int number = 0; number < count; number++) {
            producer.send(delivery(route, lane, number, new UUID(PLAIN, number)));
        }
        producer.flush();
    }

    Sending producer() {
        return producer;
    }

    @Override
    public void close() {
        producer.close();
    }
}
