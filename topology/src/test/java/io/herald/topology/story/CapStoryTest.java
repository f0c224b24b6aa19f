package io.herald.topology.story;

import static io.herald.topology.story.Ledger.routed;
import static io.herald.topology.story.Ledger.skipped;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.Overflow;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Not more than one push an hour, whoever wants to send it. */
class CapStoryTest {
    private final HeraldDriver herald = new HeraldDriver("caps");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("news", Channel.PUSH, "News", "{{text}}")
                .template("offer", Channel.PUSH, "An offer", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void aCapAcrossCategoriesCountsWhatOthersSent() {
        herald.rule("offer", rule -> rule.setCaps(List.of(onePushAnHour(true))))
                .event("e1", "news", "bo", "ana")
                .event("e2", "offer", "bo", "ana");

        assertThat(ledger.of("e1", "ana", Channel.PUSH)).containsExactly(routed());
        assertThat(ledger.of("e2", "ana", Channel.PUSH)).containsExactly(skipped(Reason.CAPPED));
    }

    @Test
    void aCapOfACategoryCountsItsOwn() {
        herald.rule("offer", rule -> rule.setCaps(List.of(onePushAnHour(null))))
                .event("e1", "news", "bo", "ana")
                .event("e2", "offer", "bo", "ana")
                .event("e3", "offer", "bo", "ana")
                .advance(Duration.ofMinutes(61))
                .event("e4", "offer", "bo", "ana");

        assertThat(ledger.of("e2", "ana", Channel.PUSH)).containsExactly(routed());
        assertThat(ledger.of("e3", "ana", Channel.PUSH)).containsExactly(skipped(Reason.CAPPED));
        assertThat(ledger.of("e4", "ana", Channel.PUSH)).as("an hour later").containsExactly(routed());
    }

    @Test
    void whatUsersSetForThemselvesCountsEverything() {
        herald.prefers("ana", change -> change.setCaps(List.of(onePushAnHour(null))))
                .event("e1", "news", "bo", "ana")
                .event("e2", "offer", "bo", "ana");

        assertThat(ledger.of("e2", "ana", Channel.PUSH)).containsExactly(skipped(Reason.CAPPED));
    }

    private static Cap onePushAnHour(Boolean acrossCategories) {
        return Cap.newBuilder()
                .setChannel(Channel.PUSH)
                .setAcrossCategories(acrossCategories)
                .setMost(1)
                .setWindowMs(Duration.ofHours(1).toMillis())
                .setOverflow(Overflow.DROP)
                .build();
    }
}
