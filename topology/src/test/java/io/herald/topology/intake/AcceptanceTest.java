package io.herald.topology.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Hash16;
import io.herald.schema.Lane;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Origin;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.address.TokenKey;
import io.herald.topology.deadletter.DeadLetters.Place;
import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AcceptanceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Uuid ID = new Uuid(7, 8);
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private final WireFormat wire = new WireFormat(Map.of("schema.registry.url", "mock://acceptance"));
    private final Acceptance acceptance =
            new Acceptance(wire, inputs().collect(Collectors.toMap(Topic::name, topic -> ID)));

    static Stream<Topic> inputs() {
        return Stream.concat(Topics.INPUTS.stream(), Topics.BULK_INPUTS.stream());
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void everyInputIsReadAsWhatItHolds(Topic topic) {
        // What is not even Avro is refused by the reader of the topic; a topic without a reader would fail.
        assertThat(refusal(topic, "not avro".getBytes(UTF_8)).getReason()).isEqualTo(Reason.UNREADABLE);
    }

    @Test
    void eachLetterHasTheOriginOfItsRecordAndAnIndex() {
        List<Acceptance.Posting> postings = accepted(Topics.NOTIFICATION_REQUESTED, event("ann", "bob"));
        assertThat(postings)
                .extracting(Acceptance.Posting::key)
                .containsExactly(
                        new MailboxKey.ForUser(new UserKey("acme", "ann")),
                        new MailboxKey.ForUser(new UserKey("acme", "bob")));
        Hash16 topicId =
                new Hash16(ByteBuffer.allocate(16).putLong(7).putLong(8).array());
        assertThat(postings)
                .extracting(posting -> posting.mail().getOrigin())
                .containsExactly(new Origin(topicId, 3, 42L, 0), new Origin(topicId, 3, 42L, 1));
        assertThat(postings)
                .extracting(posting -> posting.mail().getAcceptedAt())
                .containsOnly(NOW);
    }

    @Test
    void whatCameInAsBulkSaysSo() {
        assertThat(notification(Topics.NOTIFICATION_REQUESTED_BULK).getLane()).isEqualTo(Lane.BULK);
        assertThat(notification(Topics.NOTIFICATION_REQUESTED).getLane()).isNull();
    }

    @Test
    void aDeviceIsForItsUserAndThenForTheToken() {
        DeviceChanged device = new DeviceChanged(
                "acme", "ann", "phone", Platform.APNS, "token", "org.example.app", Environment.PRODUCTION);
        assertThat(accepted(Topics.DEVICE_CHANGED, wire.value(Topics.DEVICE_CHANGED, device)))
                .extracting(Acceptance.Posting::key)
                .containsExactly(
                        new MailboxKey.ForUser(new UserKey("acme", "ann")),
                        new MailboxKey.ForUser(TokenKey.of(Ids.hash("token"))));
    }

    @Test
    void aTemplateIsForEveryPartition() {
        TemplateChanged template = new TemplateChanged("acme", "comment", Channel.PUSH, "en", "t", "b", null);
        assertThat(accepted(Topics.TEMPLATE_CHANGED, wire.value(Topics.TEMPLATE_CHANGED, template)))
                .extracting(Acceptance.Posting::key)
                .containsExactly(new MailboxKey.ForEveryone());
    }

    @Test
    void aRefusalSaysWhichFieldOfWhichRecord() {
        NotificationRequested event = anEvent("ann");
        event.setCategory("No Such");
        byte[] value = wire.value(Topics.NOTIFICATION_REQUESTED, event);
        DeadLetter letter = refusal(Topics.NOTIFICATION_REQUESTED, value);
        assertThat(letter.getReason()).isEqualTo(Reason.INVALID);
        assertThat(letter.getField()).isEqualTo("category");
        assertThat(letter.getDetail()).startsWith("category is not ");
        assertThat(letter.getStage()).isEqualTo("intake");
        assertThat(letter.getTopic()).isEqualTo("notification.requested");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(42);
        assertThat(letter.getAt()).isEqualTo(NOW);
        assertThat(letter.getKey().array()).isEqualTo(KEY);
        assertThat(letter.getValue().array()).isEqualTo(value);
    }

    @Test
    void whatIsTooLargeIsNotRead() {
        assertThat(refusal(Topics.TOKEN_MOVED, new byte[900 * 1024 + 1]).getReason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    private Notification notification(Topic topic) {
        Mail mail = accepted(topic, wire.value(topic, anEvent("ann"))).get(0).mail();
        return (Notification) mail.getBody();
    }

    private List<Acceptance.Posting> accepted(Topic topic, byte[] value) {
        Acceptance.Outcome outcome = acceptance.take(new Place(topic.name(), 3, 42), KEY, value, NOW);
        assertThat(outcome).isInstanceOf(Acceptance.Outcome.Accepted.class);
        return ((Acceptance.Outcome.Accepted) outcome).postings();
    }

    private DeadLetter refusal(Topic topic, byte[] value) {
        Acceptance.Outcome outcome = acceptance.take(new Place(topic.name(), 3, 42), KEY, value, NOW);
        assertThat(outcome).isInstanceOf(Acceptance.Outcome.Refused.class);
        return ((Acceptance.Outcome.Refused) outcome).letter();
    }

    private byte[] event(String... recipients) {
        return wire.value(Topics.NOTIFICATION_REQUESTED, anEvent(recipients));
    }

    private static NotificationRequested anEvent(String... recipients) {
        return NotificationRequested.newBuilder()
                .setTenant("acme")
                .setSource("blog")
                .setId("e-1")
                .setRecipients(List.of(recipients))
                .setCategory("comment")
                .build();
    }
}
