package io.herald.topology;

import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.anEvent;
import static io.herald.topology.testing.HeraldDriver.only;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.InboxItem;
import io.herald.schema.Lane;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.testing.HeraldDriver;
import io.herald.topology.testing.PoisonedPending;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bad input yields one dead letter, or a cleaned record; and the event after it goes through. */
class HostileInputTest {
    private final HeraldDriver herald = new HeraldDriver("hostile");

    @BeforeEach
    void setUp() {
        herald.template("comment", Channel.INBOX, "{{actor}} wrote", "{{text}}")
                .template("comment", Channel.PUSH, "{{actor}} wrote", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1");
    }

    @AfterEach
    void theNextEventGoesThrough() {
        herald.event("after", "comment", "bo", "ana");
        assertThat(herald.deliveries(Topics.DELIVERY_APNS))
                .anySatisfy(push -> assertThat(push.getBody()).isEqualTo("hello"));
        herald.deadLetters();
        herald.close();
    }

    @Test
    void bytesThatAreNotAvro() {
        herald.sendBytes(Topics.NOTIFICATION_REQUESTED, "not avro".getBytes(UTF_8), herald.now());

        DeadLetter letter = only(herald.deadLetters());
        assertThat(letter.getReason()).isEqualTo(Reason.UNREADABLE);
        assertThat(letter.getTopic()).isEqualTo("notification.requested");
        assertThat(new String(letter.getValue().array(), UTF_8)).isEqualTo("not avro");
    }

    @Test
    void avroThatEndsEarly() {
        byte[] whole = herald.wire().value(Topics.NOTIFICATION_REQUESTED, anEvent("e1", "comment", "bo", "ana"));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        herald.sendBytes(Topics.NOTIFICATION_REQUESTED, half, herald.now());

        assertThat(only(herald.deadLetters()).getReason()).isEqualTo(Reason.UNREADABLE);
    }

    @Test
    void aRecordWithoutValue() {
        herald.sendBytes(Topics.NOTIFICATION_REQUESTED, null, herald.now());

        assertThat(only(herald.deadLetters()).getReason()).isEqualTo(Reason.UNREADABLE);
    }

    @Test
    void aSchemaIdThatNobodyRegistered() {
        byte[] value = ByteBuffer.allocate(20).put((byte) 0).putInt(987_654).array();
        herald.sendBytes(Topics.NOTIFICATION_REQUESTED, value, herald.now());

        assertThat(only(herald.deadLetters()).getReason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void twoMegabytes() {
        herald.sendBytes(Topics.NOTIFICATION_REQUESTED, new byte[2 << 20], herald.now());

        DeadLetter letter = only(herald.deadLetters());
        assertThat(letter.getReason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(letter.getLength()).isEqualTo(2 << 20);
        assertThat(letter.getValue().remaining()).isEqualTo(256 * 1024);
    }

    @Test
    void anEventThatRendersToTwoMegabytes() {
        herald.template("loud", Channel.PUSH, "loud", "{{text}}".repeat(600))
                .send(
                        Topics.NOTIFICATION_REQUESTED,
                        NotificationRequested.newBuilder(anEvent("e1", "loud", "bo", "ana"))
                                .setData(Map.of("text", "x".repeat(4_000)))
                                .build());

        DeadLetter letter = only(herald.deadLetters());
        assertThat(letter.getReason()).isEqualTo(Reason.CONTENT_TOO_LARGE);
        assertThat(letter.getNotificationId()).isNotNull();
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
    }

    @Test
    void howeverManyEventsRenderTooLargeTheRouterGoesOn() {
        herald.template("loud", Channel.PUSH, "loud", "{{text}}".repeat(600));
        for (int event = 0; event < 60; event++) {
            herald.send(
                    Topics.NOTIFICATION_REQUESTED,
                    NotificationRequested.newBuilder(anEvent("e" + event, "loud", "bo", "ana"))
                            .setData(Map.of("text", "x".repeat(4_000)))
                            .build());
        }

        assertThat(herald.deadLetters()).hasSize(60);
    }

    @Test
    void anEventThatIsHeldAndThenRendersTooLargeEndsInTheLedger() {
        herald.send(
                        Topics.NOTIFICATION_REQUESTED,
                        NotificationRequested.newBuilder(anEvent("e1", "loud", "bo", "ana"))
                                .setData(Map.of("text", "x".repeat(4_000)))
                                .build())
                .template("loud", Channel.PUSH, "loud", "{{text}}".repeat(600))
                .advance(Duration.ofSeconds(5));

        DeadLetter letter = only(herald.deadLetters());
        assertThat(letter.getReason()).isEqualTo(Reason.CONTENT_TOO_LARGE);
        assertThat(letter.getNotificationId()).isNotNull();
        assertThat(letter.getValue()).isNotNull();
    }

    @Test
    void textThatIsTooLongForAPhoneIsShortened() {
        herald.send(
                Topics.NOTIFICATION_REQUESTED,
                NotificationRequested.newBuilder(anEvent("e1", "comment", "bo", "ana"))
                        .setData(Map.of("text", "🎈".repeat(2_000)))
                        .build());

        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        assertThat(push.getBody()).endsWith("🎈…");
        assertThat(push.getBody().getBytes(UTF_8)).hasSizeBetween(1_900, 2_000);
    }

    @Test
    void nulAndDirectionControlsAreCleaned() {
        herald.send(
                Topics.NOTIFICATION_REQUESTED,
                NotificationRequested.newBuilder(anEvent("e1", "comment", "bo", "ana"))
                        .setData(Map.of("text", "a\u0000b\u202Ec\u0085d"))
                        .build());

        assertThat(only(herald.read(Topics.INBOX_ITEM, InboxItem.class)).getBody())
                .isEqualTo("abcd");
    }

    @Test
    void aFieldThatIsWrongIsNamed() {
        herald.event("e1", "Not A Category", "bo", "ana")
                .send(Topics.CONTACT_CHANGED, new ContactChanged(TENANT, "ana", ContactKind.EMAIL, "a@b\r\nBcc: c@d"));

        assertThat(herald.deadLetters())
                .extracting(DeadLetter::getReason, DeadLetter::getField)
                .containsExactly(tuple(Reason.INVALID, "category"), tuple(Reason.INVALID, "address"));
    }

    @Test
    void timestampsOfAnyYearDecideNothing() {
        byte[] event = herald.wire().value(Topics.NOTIFICATION_REQUESTED, anEvent("e1", "comment", "bo", "ana"));
        byte[] later = herald.wire().value(Topics.NOTIFICATION_REQUESTED, anEvent("e2", "comment", "bo", "ana"));
        herald.sendBytes(Topics.NOTIFICATION_REQUESTED, event, Instant.parse("9999-12-31T23:59:59Z"))
                .sendBytes(Topics.NOTIFICATION_REQUESTED, later, Instant.EPOCH)
                .send(
                        Topics.NOTIFICATION_REQUESTED,
                        NotificationRequested.newBuilder(anEvent("e3", "comment", "bo", "ana"))
                                .setOccurredAt(Instant.parse("9999-12-31T23:59:59Z"))
                                .setExpiresAt(Instant.parse("9999-12-31T23:59:59Z"))
                                .build());

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(3).allSatisfy(push -> {
            assertThat(push.getDecidedAt()).isEqualTo(herald.now());
            assertThat(push.getExpiresAt()).isBeforeOrEqualTo(herald.now().plus(Duration.ofDays(28)));
        });
    }

    @Test
    void aPoisonedItemBetweenTwoGoodOnesDueAtTheSameMoment() {
        for (String user : List.of("u1", "u2", "u3")) {
            herald.device(user, "phone", Platform.FCM, "token-" + user);
        }
        herald.event("e1", "comment", "bo", "u1", "u2", "u3");
        Map<String, Delivery> pushes = new HashMap<>();
        herald.deliveries(Topics.DELIVERY_FCM).forEach(push -> pushes.put(push.getUser(), push));
        // As long as the first wait is at most, so that none waits longer than the others.
        pushes.values().forEach(push -> herald.reports(push, ReportedOutcome.RETRY, null, 5_000L));
        // The one in the middle of the agenda, which is ordered by shard among those due at once.
        List<AgendaEntry> due = List.of("u1", "u2", "u3").stream()
                .map(user -> new AgendaEntry(
                        Lane.URGENT,
                        herald.now().plusSeconds(5),
                        AgendaEntry.Kind.RETRY,
                        new UserKey(TENANT, user),
                        pushes.get(user).getDeliveryId()))
                .sorted((a, b) -> Arrays.compareUnsigned(a.key(), b.key()))
                .toList();
        PoisonedPending.put(herald.router(), due.get(1));
        herald.advance(Duration.ofSeconds(6));

        assertThat(only(herald.deadLetters()).getReason()).isEqualTo(Reason.PLAN_FAILED);
        assertThat(herald.deliveries(Topics.DELIVERY_FCM))
                .filteredOn(push -> push.getAttempt() == 2)
                .extracting(Delivery::getUser)
                .containsExactlyInAnyOrder(
                        due.get(0).user().user(), due.get(2).user().user());
        assertThat(herald.advance(Duration.ofHours(2)).deadLetters()).hasSize(1);
    }
}
