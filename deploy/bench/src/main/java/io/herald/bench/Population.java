package io.herald.bench;

import io.herald.schema.Activity;
import io.herald.schema.Channel;
import io.herald.schema.Device;
import io.herald.schema.Environment;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.Profile;
import io.herald.topology.router.RouterStores;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Users that the router finds in its stores when it starts: with preferences, two devices, and an inbox of twenty read
 * items. Their state is written to the changelogs, from which the router restores it as after a move to an empty disk;
 * three million changes through intake would give the same, some minutes later.
 */
final class Population {
    static final String TENANT = "bench";

    private static final HexFormat HEX = HexFormat.of();
    private static final int ITEMS = 20;
    private static final byte SEEN_AND_READ = 3;

    private Population() {}

    static UserKey user(long number) {
        return new UserKey(TENANT, "user-" + number);
    }

    /** Writes the state of users 0 to {@code users} - 1 of an application that has not run yet. */
    static void seed(Rig rig, Sending producer, String application, long users) throws IOException {
        String profiles = changelog(application, RouterStores.PROFILES);
        String activities = changelog(application, RouterStores.ACTIVITY);
        rig.create(
                List.of(profiles, activities),
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        Instant since = Instant.now().truncatedTo(ChronoUnit.DAYS);
        byte[] activity = bytes(Activity.getEncoder(), activity());
        for (long number = 0; number < users; number++) {
            UserKey user = user(number);
            int partition = user.partition(Rig.PARTITIONS);
            byte[] key = RouterStores.user(user).get();
            byte[] profile = bytes(Profile.getEncoder(), profile(number, since));
            producer.send(new ProducerRecord<>(profiles, partition, key, profile));
            producer.send(new ProducerRecord<>(activities, partition, key, activity));
        }
        producer.flush();
    }

    private static String changelog(String application, String store) {
        return application + "-router-" + store + "-changelog";
    }

    private static Profile profile(long number, Instant since) {
        return Profile.newBuilder()
                .setVersion(5)
                .setLocale("en-GB")
                .setDisplayName("Person " + number)
                .setOptOuts(List.of(
                        OptOut.newBuilder()
                                .setCategory("newsletter")
                                .setOptedOut(true)
                                .build(),
                        OptOut.newBuilder()
                                .setChannel(Channel.SMS)
                                .setOptedOut(true)
                                .build()))
                .setBlockedActors(List.of("troll-" + number % 97))
                .setDevices(List.of(
                        device("phone", Platform.APNS, token(number, 64), since),
                        device("tablet", Platform.FCM, token(number, 152), since)))
                .build();
    }

    private static Device device(String name, Platform platform, String token, Instant since) {
        return Device.newBuilder()
                .setDevice(name)
                .setPlatform(platform)
                .setToken(token)
                .setApp("io.herald.bench")
                .setEnvironment(Environment.PRODUCTION)
                .setSince(since)
                .build();
    }

    // As hard to compress as real ones.
    private static String token(long number, int length) {
        StringBuilder token = new StringBuilder(length);
        SplittableRandom digits = new SplittableRandom(number);
        while (token.length() < length) {
            token.append(HEX.toHexDigits(digits.nextLong()));
        }
        return token.substring(0, length);
    }

    private static Activity activity() {
        byte[] marks = new byte[ITEMS];
        Arrays.fill(marks, SEEN_AND_READ);
        return Activity.newBuilder()
                .setVersion(ITEMS + 1)
                .setLastSeq(ITEMS)
                .setMarks(ByteBuffer.wrap(marks))
                .setSeenUpTo(ITEMS)
                .setReadUpTo(ITEMS)
                .build();
    }

    private static <T> byte[] bytes(BinaryMessageEncoder<T> encoder, T value) throws IOException {
        ByteBuffer buffer = encoder.encode(value);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
