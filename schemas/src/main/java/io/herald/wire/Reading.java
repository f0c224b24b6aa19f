package io.herald.wire;

import io.herald.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the values of one topic. A registry's deserializer looks the schema up for every record; here it is asked for
 * the first record of each schema, and the later ones are read without it.
 */
final class Reading {
    /** A topic has as many schemas as it had versions; more are not remembered. */
    private static final int MOST_SCHEMAS = 100;

    private final Topic topic;
    private final Deserializer<Object> plain;
    private final Supplier<Deserializer<Object>> typedOnDemand;
    private final Map<Integer, Optional<DatumReader<Object>>> readers = new HashMap<>();
    private Deserializer<Object> typed;
    private BinaryDecoder decoder;

    /**
     * Prepares to read.
     *
     * @param plain gives records as they were written, with the schema that wrote them
     * @param typed gives them in the topic's class; for deserializers that do more than to read what a schema wrote
     */
    Reading(Topic topic, Deserializer<Object> plain, Supplier<Deserializer<Object>> typed) {
        this.topic = topic;
        this.plain = plain;
        this.typedOnDemand = typed;
    }

    Object read(byte[] bytes) {
        int id = ByteBuffer.wrap(bytes).getInt(1);
        Optional<DatumReader<Object>> reader = readers.get(id);
        if (reader == null) {
            reader = reader(bytes);
            if (readers.size() < MOST_SCHEMAS) {
                readers.put(id, reader);
            }
        }
        if (reader.isEmpty()) {
            return typed().deserialize(topic.name(), bytes);
        }
        try {
            return decode(reader.get(), bytes);
        } catch (IOException | RuntimeException unreadable) {
            throw new SerializationException("not a record of the topic", unreadable);
        }
    }

    // Nothing, if the deserializer does more than to read what follows the id.
    private Optional<DatumReader<Object>> reader(byte[] bytes) {
        if (plain.deserialize(topic.name(), bytes) instanceof GenericRecord written) {
            Schema schema = written.getSchema();
            try {
                if (written.equals(decode(new GenericDatumReader<>(schema), bytes))) {
                    return Optional.of(new SpecificDatumReader<>(schema, topic.value()));
                }
            } catch (IOException | RuntimeException differently) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Object decode(DatumReader<Object> reader, byte[] bytes) throws IOException {
        int length = bytes.length - WireFormat.HEADER_BYTES;
        decoder = DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, decoder);
        return reader.read(null, decoder);
    }

    private Deserializer<Object> typed() {
        if (typed == null) {
            typed = typedOnDemand.get();
        }
        return typed;
    }
}
