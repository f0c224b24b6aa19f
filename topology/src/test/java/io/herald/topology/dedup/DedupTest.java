package io.herald.topology.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.FirstCopy;
import io.herald.schema.Hash16;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DedupTest {
    private static final Instant FIRST = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void theFirstCopyIsNoRepeat() {
        assertThat(Dedup.of(Optional.empty(), notification("a"), FIRST)).isEmpty();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            2026-03-01T12:00:00Z,     DUPLICATE, in the same moment
            2026-03-02T11:59:59.999Z, DUPLICATE, just within a day
            2026-03-02T12:00:00Z,     -,         a day later the identity is free again
            2026-03-09T12:00:00Z,     -,         long after
            """)
    void aRepeatCountsForADay(Instant now, Reason reason, String why) {
        assertThat(Dedup.of(first("a"), notification("a"), now))
                .isEqualTo(Optional.ofNullable(reason).map(repeat -> new Dedup.Repeat(repeat, 42)));
    }

    @Test
    void theSameIdentityWithOtherContentIsAMistake() {
        assertThat(Dedup.of(first("a"), notification("b"), FIRST)).hasValue(new Dedup.Repeat(Reason.ID_REUSED, 42));
    }

    private static Optional<FirstCopy> first(String content) {
        return Optional.of(new FirstCopy(FIRST, 42L, hash(content), null, false));
    }

    private static Notification notification(String content) {
        return Notification.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setSource("blog")
                .setEventId("e-1")
                .setCategory("comment")
                .setData(List.of())
                .setChannels(List.of())
                .setOccurredAt(FIRST)
                .setExpiresAt(FIRST)
                .setContentHash(hash(content))
                .build();
    }

    private static Hash16 hash(String content) {
        return Ids.hash(content);
    }
}
