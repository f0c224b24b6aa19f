package io.herald.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Activity;
import io.herald.schema.FirstCopy;
import io.herald.schema.Pending;
import io.herald.schema.Profile;
import io.herald.topic.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;

/** Held against Avro's own writer. */
class AvroWriterTest {
    private static final byte[] HEAD = {1, 2, 3};

    // One for all tries: what it learned of one schema must not disturb another.
    private static final AvroWriter WRITER = new AvroWriter();

    @Provide
    Arbitrary<Schema> schemas() {
        Stream<Schema> topics = Topics.ALL.stream()
                .flatMap(topic -> Stream.of(Optional.of(topic.value()), topic.keySchema()))
                .flatMap(Optional::stream);
        Stream<Schema> states = Stream.of(
                Profile.getClassSchema(),
                Activity.getClassSchema(),
                FirstCopy.getClassSchema(),
                Pending.getClassSchema());
        return Arbitraries.of(Stream.concat(topics, states).distinct().toList());
    }

    @Property(tries = 2_000)
    void writesTheBytesOfAvrosOwnWriter(@ForAll("schemas") Schema schema, @ForAll long seed) throws IOException {
        SpecificRecord record = random(schema, seed);

        byte[] bytes = WRITER.write(HEAD, record);

        assertThat(bytes).startsWith(HEAD);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(HEAD);
        write(new SpecificDatumWriter<>(schema), record, expected);
        assertThat(bytes).isEqualTo(expected.toByteArray());
    }

    private static SpecificRecord random(Schema schema, long seed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Object generic = new RandomData(schema, 1, seed).iterator().next();
        write(new GenericDatumWriter<>(schema), generic, bytes);
        return new SpecificDatumReader<SpecificRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }

    private static <T> void write(DatumWriter<T> writer, T value, ByteArrayOutputStream to) throws IOException {
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(to, null);
        writer.write(value, encoder);
        encoder.flush();
    }
}
