package io.herald.topology.story;

import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.OnUnknown;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.Vendor;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mail goes by two providers, and one of them has a bad day. */
class VendorStoryTest {
    private static final Topic SECOND = Topics.delivery(Route.EMAIL, Vendor.SECOND, Lane.URGENT);

    private final HeraldDriver herald = new HeraldDriver("vendors");
    private final Set<Delivery> answered = new HashSet<>();
    private int events;

    @BeforeEach
    void setUp() {
        herald.template("order", Channel.EMAIL, "Order", "{{text}}").email("ana", "ana@example.org");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void withoutAWordTheFirstSendsAll() {
        mails(20);
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL))
                .hasSize(20)
                .extracting(Delivery::getVendor)
                .containsOnlyNulls();
        assertThat(herald.deliveries(SECOND)).isEmpty();
    }

    @Test
    void theyShareAndTheShareMovesAwayFromWhichIsIllAndComesBack() {
        herald.rule("order", rule -> rule.setOnUnknown(OnUnknown.END)).shares(Route.EMAIL, 80, 20);
        assertThat(firstOf(mails(100))).isBetween(65, 95);

        everyoneAnswers(ReportedOutcome.UNKNOWN);
        assertThat(herald.alarms().firstShare(Route.EMAIL)).as("percent").isEqualTo(2);
        assertThat(firstOf(mails(100))).isLessThan(10);

        for (int count = 0; count < 40 && herald.alarms().firstShare(Route.EMAIL) < 80; count++) {
            mails(20);
            everyoneAnswers(ReportedOutcome.ACCEPTED);
        }
        assertThat(herald.alarms().firstShare(Route.EMAIL)).isEqualTo(80);
        assertThat(firstOf(mails(100))).isBetween(65, 95);
    }

    @Test
    void whatOneHandsBackTheOtherGetsAtOnce() {
        herald.shares(Route.EMAIL, 100, 1);
        Delivery first = only(mails(1));
        assertThat(first.getVendor()).isEqualTo(Vendor.FIRST);
        herald.reports(first, ReportedOutcome.STALE);
        Delivery second = only(herald.deliveries(SECOND));
        assertThat(second.getDeliveryId()).isEqualTo(first.getDeliveryId());
        assertThat(second.getVendor()).isEqualTo(Vendor.SECOND);
        assertThat(second.getAttempt()).isEqualTo(2);

        herald.reports(second, ReportedOutcome.STALE);
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL))
                .as("neither takes it")
                .hasSize(1);
        herald.advance(Duration.ofMinutes(1));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).as("after a while").hasSize(2);
    }

    @Test
    void aRetryGoesToTheOther() {
        herald.shares(Route.EMAIL, 1, 100);
        Delivery first = only(mails(1));
        assertThat(first.getVendor()).isEqualTo(Vendor.SECOND);
        herald.reports(first, ReportedOutcome.RETRY).advance(Duration.ofMinutes(1));
        assertThat(only(herald.deliveries(Topics.DELIVERY_EMAIL)).getVendor()).isEqualTo(Vendor.FIRST);
    }

    @Test
    void whenTheSecondIsTakenOutItsRetriesGoToTheFirst() {
        herald.shares(Route.EMAIL, 0, 100);
        Delivery first = only(mails(1));
        herald.reports(first, ReportedOutcome.RETRY).shares(Route.EMAIL, 100, 0).advance(Duration.ofMinutes(1));
        assertThat(only(herald.deliveries(Topics.DELIVERY_EMAIL)).getVendor()).isNull();
    }

    private List<Delivery> mails(int count) {
        List<Delivery> before = sent();
        IntStream.range(0, count).forEach(number -> herald.event("e" + events++, "order", "bo", "ana"));
        return sent().stream().filter(delivery -> !before.contains(delivery)).toList();
    }

    // One a second: of the first provider what is given, of the second that it was accepted.
    private void everyoneAnswers(ReportedOutcome ofFirst) {
        sent().stream().filter(answered::add).forEach(delivery -> {
            herald.advance(Duration.ofSeconds(1));
            herald.reports(delivery, delivery.getVendor() == Vendor.FIRST ? ofFirst : ReportedOutcome.ACCEPTED);
        });
    }

    private List<Delivery> sent() {
        return Stream.concat(herald.deliveries(Topics.DELIVERY_EMAIL).stream(), herald.deliveries(SECOND).stream())
                .toList();
    }

    private static int firstOf(List<Delivery> deliveries) {
        return (int) deliveries.stream()
                .filter(delivery -> delivery.getVendor() == Vendor.FIRST)
                .count();
    }
}
