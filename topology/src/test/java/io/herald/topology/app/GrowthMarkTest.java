package io.herald.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class GrowthMarkTest {
    private static final GrowthMark MARK = new GrowthMark("growth-20260302t100000", 4, 8);

    @Test
    void isFoundBesideAnyOffset() {
        assertThat(GrowthMark.in(List.of(new OffsetAndMetadata(7), new OffsetAndMetadata(9, MARK.metadata()))))
                .contains(MARK);
    }

    @Test
    void whatStreamsWritesBesideItsOffsetsIsNone() {
        // A version, a time and an empty list, in base 64.
        assertThat(GrowthMark.in(List.of(new OffsetAndMetadata(7, "AgAAAZXjpMgACg=="), new OffsetAndMetadata(7, ""))))
                .isEmpty();
        assertThat(GrowthMark.in(List.of())).isEmpty();
    }
}
