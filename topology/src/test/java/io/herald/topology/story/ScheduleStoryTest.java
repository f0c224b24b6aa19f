package io.herald.topology.story;

import static io.herald.topology.story.Ledger.skipped;
import static io.herald.topology.story.Ledger.waiting;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.topic.Topics;
import io.herald.topology.ledger.OpenDeliveries;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is to be sent later. */
class ScheduleStoryTest {
    private final HeraldDriver herald = new HeraldDriver("schedule");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("reminder", Channel.PUSH, "Remember", "{{text}}")
                .template("note", Channel.INBOX, "Note", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void theLedgerNamesTheRuleThatIsInForceWhenItIsDue() {
        herald.rule("reminder", rule -> rule.setAttempts(3));
        inAnHour("e1", "reminder").rule("reminder", rule -> rule.setAttempts(7)).advance(Duration.ofHours(2));

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getAttempts()).isEqualTo(7);
        assertThat(herald.ledger())
                .extracting(LedgerEntry::getBody)
                .extracting(body -> ((Decision) body).getRuleVersion())
                .containsExactly(1L, 2L);
    }

    @Test
    void whatWaitsForTheInboxIsBoundedToo() {
        IntStream.rangeClosed(0, OpenDeliveries.MOST).forEach(number -> inAnHour("e" + number, "note"));

        assertThat(ledger.of("e" + (OpenDeliveries.MOST - 1), "ana", Channel.INBOX))
                .containsExactly(waiting(Reason.SEND_AT));
        assertThat(ledger.of("e" + OpenDeliveries.MOST, "ana", Channel.INBOX))
                .containsExactly(skipped(Reason.IN_FLIGHT_LIMIT));
    }

    private HeraldDriver inAnHour(String id, String category) {
        return herald.event(id, category, event -> event.setSendAt(herald.now().plus(Duration.ofHours(1))), "ana");
    }
}
