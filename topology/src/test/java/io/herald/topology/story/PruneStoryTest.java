package io.herald.topology.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A provider that says of everyone's phone that it is gone. */
class PruneStoryTest {
    private static final int USERS = 60;
    private static final int BELIEVED = 49;

    private final HeraldDriver herald = new HeraldDriver("prune");
    private final Ledger ledger = new Ledger(herald);

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void isNotBelievedAndRaisesAnAlarm() {
        herald.template("trip", Channel.PUSH, "Trip", "{{text}}");
        IntStream.range(0, USERS).forEach(user -> herald.device("u" + user, "phone", Platform.APNS, "token-" + user)
                .event("before-" + user, "trip", "bo", "u" + user));
        herald.advance(Duration.ofSeconds(1));
        List<Delivery> sent = herald.deliveries(Topics.DELIVERY_APNS);
        sent.subList(0, BELIEVED).forEach(this::isGone);
        assertThat(herald.alarms().pruningStopped(Route.APNS)).isZero();

        sent.subList(BELIEVED, USERS).forEach(this::isGone);
        assertThat(herald.alarms().pruningStopped(Route.APNS)).isEqualTo(1);
        assertThat(herald.alarms().pruningStopped(Route.FCM)).isZero();

        herald.event("after-first", "trip", "bo", "u0").event("after-last", "trip", "bo", "u" + (USERS - 1));
        assertThat(ledger.of("after-first", "u0", Channel.PUSH))
                .as("forgotten while it could be true")
                .containsExactly(Ledger.skipped(Reason.NO_ADDRESS));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS))
                .hasSize(USERS + 1)
                .last()
                .satisfies(delivery ->
                        assertThat(delivery.getUser()).as("still known").isEqualTo("u" + (USERS - 1)));
    }

    @Test
    void isNotBelievedOfNumbersEither() {
        herald.template("trip", Channel.SMS, "Trip", "{{text}}");
        IntStream.range(0, USERS)
                .forEach(user -> herald.contact("u" + user, ContactKind.SMS, "+49301234%04d".formatted(user))
                        .event("before-" + user, "trip", "bo", "u" + user));
        List<Delivery> sent = herald.deliveries(Topics.DELIVERY_SMS);
        sent.forEach(delivery -> herald.reports(delivery, ReportedOutcome.ADDRESS_GONE));
        assertThat(herald.alarms().pruningStopped(Route.SMS)).isEqualTo(1);

        herald.event("after-first", "trip", "bo", "u0").event("after-last", "trip", "bo", "u" + (USERS - 1));
        assertThat(ledger.of("after-first", "u0", Channel.SMS))
                .as("given up while it could be true")
                .containsExactly(Ledger.skipped(Reason.SUPPRESSED));
        assertThat(herald.deliveries(Topics.DELIVERY_SMS)).hasSize(USERS + 1);

        herald.contact("u0", ContactKind.SMS, null)
                .contact("u0", ContactKind.SMS, "+493012340000")
                .event("anew", "trip", "bo", "u0");
        assertThat(ledger.of("anew", "u0", Channel.SMS)).as("given anew").containsExactly(Ledger.routed());
    }

    private void isGone(Delivery delivery) {
        herald.reports(delivery, ReportedOutcome.ADDRESS_GONE, herald.now(), null);
    }
}
