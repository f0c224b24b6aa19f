package io.herald.wire;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.herald.topic.Topic;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Limits;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads and writes Herald's records in Confluent's wire format: a zero byte, the schema's id, Avro.
 *
 * <p>The configured serializer writes the first record of each type, and the deserializer reads the first of each
 * schema; what they did is done for the later ones without them, in a fraction of the time. Where a serializer adds
 * anything of its own, it does it all.
 *
 * <p>A record is read into the schema that this build knows for the topic, whatever version wrote it. Not thread-safe:
 * one for each thread. The serializer and deserializer classes come from the configuration ({@value #SERIALIZER} and
 * {@value #DESERIALIZER}); all other entries are passed to them, {@code schema.registry.url} above all.
 */
public final class WireFormat {
    /** Configuration key of the serializer's class name. */
    public static final String SERIALIZER = "wire.serializer";
    /** Configuration key of the deserializer's class name. */
    public static final String DESERIALIZER = "wire.deserializer";

    private static final String CONFLUENT_SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";
    private static final String CONFLUENT_DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";

    private static final String REGISTRY_CLIENT = SchemaRegistryClient.class.getPackageName() + ".";
    static final int HEADER_BYTES = 5;
    private static final byte MAGIC = 0;

    static {
        // More than any record that a broker lets in can hold.
        Limits.set(4 << 20, 100_000);
    }

    private final Map<String, Object> config;
    private final Writing keys;
    private final Writing values;
    private final IdentityHashMap<Topic, Reading> readers = new IdentityHashMap<>();

    public WireFormat(Map<String, ?> config) {
        this.config = new HashMap<>(config);
        // An id that the registry does not know must not cost a request for each record that claims it.
        this.config.putIfAbsent("missing.id.cache.ttl.sec", 60L);
        AvroWriter avro = new AvroWriter();
        this.keys = new Writing(serializer(true), avro);
        this.values = new Writing(serializer(false), avro);
    }

    /**
     * Writes a value. The first of a type asks the registry for the schema's id, or registers it where the
     * configuration allows; later ones ask nobody.
     *
     * @throws SchemaRegistryUnavailableException if the registry could not be asked: try again later
     */
    public byte[] value(Topic topic, SpecificRecord value) {
        return write(values, topic, value);
    }

    /** Writes a key that is an Avro record; as {@link #value}. */
    public byte[] key(Topic topic, SpecificRecord key) {
        return write(keys, topic, key);
    }

    private static byte[] write(Writing writing, Topic topic, SpecificRecord record) {
        try {
            return writing.write(topic, record);
        } catch (RuntimeException failure) {
            throw registryFault(failure) ? new SchemaRegistryUnavailableException(failure) : failure;
        }
    }

    /**
     * Reads a value.
     *
     * @throws UnreadableRecordException if the bytes can never be read
     * @throws SchemaRegistryUnavailableException if the registry could not be asked: try again later
     */
    public <T extends SpecificRecord> T read(Topic topic, Class<T> type, byte[] bytes) {
        checkHeader(bytes);
        Reading reader = readers.computeIfAbsent(topic, this::reading);
        try {
            return type.cast(reader.read(bytes));
        } catch (RuntimeException failure) {
            throw classify(failure);
        }
    }

    // Without a header there is nothing that the registry could be asked for.
    private static void checkHeader(byte[] bytes) {
        if (bytes == null) {
            throw new UnreadableRecordException(false, "the record has no value", null);
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new UnreadableRecordException(false, "the bytes do not begin with a schema id", null);
        }
    }

    private static RuntimeException classify(RuntimeException failure) {
        if (unknownSchema(failure)) {
            return new UnreadableRecordException(true, "the registry does not know the schema id", failure);
        }
        if (foreignSchema(failure)) {
            return new UnreadableRecordException(true, "the record's schema is not an Avro schema", failure);
        }
        boolean decoding = failure instanceof SerializationException || failure instanceof ClassCastException;
        return registryFault(failure) || !decoding
                ? new SchemaRegistryUnavailableException(failure)
                : new UnreadableRecordException(false, reason(failure), failure);
    }

    // The registry's own word for it; a 404 without one comes from whoever answers at a wrong address.
    private static boolean unknownSchema(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof RestClientException answer && answer.getErrorCode() / 100 == 404);
    }

    // JSON Schema or Protobuf: the registry's client has no parser for it, and says so by an exception of the kind, and
    // from
    // the place, of a registry that cannot be asked.
    private static boolean foreignSchema(Throwable failure) {
        return causes(failure)
                .anyMatch(cause ->
                        cause.getMessage() != null && cause.getMessage().startsWith("Invalid schema type "));
    }

    // By where it was thrown, not by its type: a proxy's page is a JsonParseException, a broken connection an
    // IOException like that of a record cut short. Some answers the serializer makes Kafka's exceptions of.
    private static boolean registryFault(Throwable failure) {
        return (failure instanceof KafkaException && !(failure instanceof SerializationException))
                || causes(failure)
                        .anyMatch(cause -> cause instanceof RestClientException
                                || Stream.of(cause.getStackTrace())
                                        .anyMatch(frame -> frame.getClassName().startsWith(REGISTRY_CLIENT)));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof IOException
                ? "the bytes end early or are not Avro"
                : "the bytes are not of the topic's type";
    }

    @SuppressWarnings("unchecked") // A serializer takes what it is given; a foreign one fails on its first record.
    private Serializer<Object> serializer(boolean isKey) {
        Serializer<Object> serializer = instance(SERIALIZER, CONFLUENT_SERIALIZER, Serializer.class);
        serializer.configure(config, isKey);
        return serializer;
    }

    private Reading reading(Topic topic) {
        Map<String, Object> plain = new HashMap<>(config);
        plain.put("specific.avro.reader", false);
        return new Reading(topic, deserializer(plain), () -> deserializer(topic));
    }

    private Deserializer<Object> deserializer(Topic topic) {
        Map<String, Object> typed = new HashMap<>(config);
        typed.put("specific.avro.reader", true);
        typed.put(
                "specific.avro.value.type",
                SpecificData.get().getClass(topic.value()).getName());
        return deserializer(typed);
    }

    @SuppressWarnings("unchecked") // What comes out is cast to the topic's type in read.
    private Deserializer<Object> deserializer(Map<String, Object> settings) {
        Deserializer<Object> deserializer = instance(DESERIALIZER, CONFLUENT_DESERIALIZER, Deserializer.class);
        deserializer.configure(settings, false);
        return deserializer;
    }

    private <T> T instance(String key, String byDefault, Class<T> type) {
        String name = (String) config.getOrDefault(key, byDefault);
        try {
            return Utils.newInstance(name, type);
        } catch (ClassNotFoundException missing) {
            throw new IllegalArgumentException(key + ": no class " + name, missing);
        }
    }
}
