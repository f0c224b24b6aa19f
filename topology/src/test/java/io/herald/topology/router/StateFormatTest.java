package io.herald.topology.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Activity;
import io.herald.schema.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StateFormatTest {
    private static final Activity ACTIVITY = Activity.newBuilder()
            .setVersion(3)
            .setLastSeq(2)
            .setMarks(ByteBuffer.wrap(new byte[] {1, 3}))
            .setSeenUpTo(1)
            .setReadUpTo(0)
            .build();

    /** What is in stores and changelogs is Avro's standard form, which any of its libraries reads. */
    @Test
    void writesAvrosSingleObjectEncoding() throws IOException {
        assertThat(StateFormat.ACTIVITY.write(ACTIVITY))
                .isEqualTo(Activity.getEncoder().encode(ACTIVITY).array());
    }

    @Test
    void readsWhatItWrote() {
        assertThat(StateFormat.ACTIVITY.read(StateFormat.ACTIVITY.write(ACTIVITY)))
                .isEqualTo(ACTIVITY);
    }

    @Test
    void refusesAnotherTypeAndBytesThatEndEarly() {
        byte[] bytes = StateFormat.ACTIVITY.write(ACTIVITY);

        assertThatThrownBy(() -> StateFormat.ACTIVITY.read(StateFormat.POSITION.write(new Position(1L, 2))))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> StateFormat.ACTIVITY.read(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(RuntimeException.class);
    }
}
