package io.herald.topology.guarantee;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** Reads keys that are Avro records. */
public final class Keys {
    // A zero byte and the schema's id.
    private static final int PREAMBLE = 5;

    private Keys() {}

    /** Returns the key in {@code bytes}, written by this build's schema. */
    public static <T extends SpecificRecord> T read(Class<T> type, byte[] bytes) {
        try {
            return new SpecificDatumReader<>(type)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, PREAMBLE, bytes.length - PREAMBLE, null));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
