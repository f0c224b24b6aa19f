package io.herald.wire;

import io.herald.topic.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes keys or values. A registry's serializer looks the same id up for every record; here it is asked for the first
 * of each type, and its header is put before the later ones.
 */
final class Writing {
    private final Serializer<Object> serializer;
    private final AvroWriter avro;
    private final Map<Kind, Optional<byte[]>> headers = new HashMap<>();

    private record Kind(String topic, Class<?> type) {}

    Writing(Serializer<Object> serializer, AvroWriter avro) {
        this.serializer = serializer;
        this.avro = avro;
    }

    byte[] write(Topic topic, SpecificRecord record) {
        Kind kind = new Kind(topic.name(), record.getClass());
        Optional<byte[]> header = headers.get(kind);
        if (header == null) {
            byte[] bytes = serializer.serialize(topic.name(), record);
            headers.put(kind, header(bytes, record));
            return bytes;
        }
        return header.isPresent() ? avro.write(header.get(), record) : serializer.serialize(topic.name(), record);
    }

    // Nothing, if the serializer did more than to put a schema's id before the record.
    private Optional<byte[]> header(byte[] bytes, SpecificRecord record) {
        byte[] header = Arrays.copyOf(bytes, Math.min(bytes.length, WireFormat.HEADER_BYTES));
        return Arrays.equals(bytes, avro.write(header, record)) ? Optional.of(header) : Optional.empty();
    }
}
