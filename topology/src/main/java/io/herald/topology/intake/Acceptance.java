package io.herald.topology.intake;

import io.herald.schema.AddressReported;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.CheckpointRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.DeadLetter;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.GatewayLeased;
import io.herald.schema.Hash16;
import io.herald.schema.InboxActed;
import io.herald.schema.Lane;
import io.herald.schema.Mail;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Origin;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.Reason;
import io.herald.schema.ReceiptReported;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.SocketReported;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenMoved;
import io.herald.schema.TokenReleased;
import io.herald.schema.UserErased;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.Uuid;

/**
 * Says what becomes of one record of an input topic: mail, or a dead letter. The same for whoever reads the topic, so
 * that the router cannot tell by which way something came. Not thread-safe.
 */
final class Acceptance {
    private static final String STAGE = "intake";
    // What the mailbox takes, and room for an origin; the broker lets in more, so that it is seen and told.
    private static final int MOST_BYTES = 900 * 1024;

    private static final Map<String, Input<?>> INPUTS = Stream.of(
                    new Input<>(
                            Topics.NOTIFICATION_REQUESTED,
                            NotificationRequested.class,
                            (event, at) -> NotificationIntake.expand(event, null, at)),
                    new Input<>(
                            Topics.NOTIFICATION_REQUESTED_BULK,
                            NotificationRequested.class,
                            (event, at) -> NotificationIntake.expand(event, Lane.BULK, at)),
                    new Input<>(
                            Topics.NOTIFICATION_CANCELLED,
                            NotificationCancelled.class,
                            (cancel, at) -> NotificationIntake.cancel(cancel)),
                    new Input<>(
                            Topics.BROADCAST_REQUESTED,
                            BroadcastRequested.class,
                            (request, at) -> List.of(BroadcastIntake.request(request, at))),
                    new Input<>(Topics.DEVICE_CHANGED, DeviceChanged.class, Intake::device),
                    one(Topics.BROADCAST_CONTROLLED, BroadcastControlled.class, BroadcastIntake::control),
                    one(Topics.RULE_CHANGED, RuleChanged.class, RuleIntake::rule),
                    one(Topics.ROUTE_CHANGED, RouteChanged.class, RuleIntake::route),
                    one(Topics.SUBSCRIPTION_CHANGED, SubscriptionChanged.class, Intake::subscription),
                    one(Topics.PREFERENCE_CHANGED, PreferenceChanged.class, PreferenceIntake::preference),
                    one(Topics.CONTACT_CHANGED, ContactChanged.class, Intake::contact),
                    one(Topics.INBOX_ACTED, InboxActed.class, Intake::inboxAct),
                    one(Topics.PRESENCE_CHANGED, PresenceChanged.class, Intake::presence),
                    one(Topics.GATEWAY_LEASED, GatewayLeased.class, Intake::lease),
                    one(Topics.TEMPLATE_CHANGED, TemplateChanged.class, Intake::template),
                    one(Topics.DELIVERY_REPORTED, DeliveryReported.class, ReportIntake::report),
                    one(Topics.RECEIPT_REPORTED, ReceiptReported.class, ReportIntake::receipt),
                    one(Topics.ADDRESS_REPORTED, AddressReported.class, ReportIntake::address),
                    one(Topics.SOCKET_REPORTED, SocketReported.class, ReportIntake::socket),
                    one(Topics.USER_ERASED, UserErased.class, Intake::erasure),
                    one(Topics.TOKEN_MOVED, TokenMoved.class, Intake::tokenMoved),
                    one(Topics.TOKEN_RELEASED, TokenReleased.class, Intake::tokenReleased),
                    one(Topics.CHECKPOINT_REQUESTED, CheckpointRequested.class, Intake::checkpoint))
            .collect(Collectors.toUnmodifiableMap(input -> input.topic().name(), Function.identity()));

    private final WireFormat wire;
    private final Map<String, Hash16> topicIds;

    /**
     * Makes one.
     *
     * @param topicIds Kafka's ids of the input topics, by name
     */
    Acceptance(WireFormat wire, Map<String, Uuid> topicIds) {
        this.wire = wire;
        this.topicIds = topicIds.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, topic -> bytes(topic.getValue())));
    }

    /** What becomes of a record. */
    sealed interface Outcome {
        /** It goes into the mailbox, in this order. */
        record Accepted(List<Posting> postings) implements Outcome {}

        /** It cannot be accepted. */
        record Refused(DeadLetter letter) implements Outcome {}
    }

    /** A record for the mailbox, and where in it. */
    record Posting(MailboxKey key, Mail mail) {}

    /** How records of a topic are read, and the rule that they pass. */
    private record Input<T extends SpecificRecord>(
            Topic topic, Class<T> type, BiFunction<T, Instant, List<Intake.Letter>> rule) {
        List<Intake.Letter> accept(WireFormat wire, byte[] value, Instant acceptedAt) {
            return rule.apply(wire.read(topic, type, value), acceptedAt);
        }

        void check(SpecificRecord record, Instant acceptedAt) {
            List<Intake.Letter> unused = rule.apply(type.cast(record), acceptedAt);
        }
    }

    /** Passes a record by the rule of its topic, which cleans it. */
    static void check(Topic topic, SpecificRecord record, Instant at) {
        INPUTS.get(topic.name()).check(record, at);
    }

    /**
     * Takes a record.
     *
     * @throws io.herald.wire.SchemaRegistryUnavailableException if the registry could not be asked: try again later
     */
    Outcome take(DeadLetters.Place place, byte[] key, byte[] value, Instant acceptedAt) {
        try {
            if (value != null && value.length > MOST_BYTES) {
                throw new RefusedException(Reason.TOO_LARGE, null, "the record has " + value.length + " bytes");
            }
            Input<?> input = INPUTS.get(place.topic());
            return accepted(place, input.accept(wire, value, acceptedAt), acceptedAt);
        } catch (RefusedException refused) {
            String field = refused.field();
            String detail = field == null ? refused.getMessage() : field + " " + refused.getMessage();
            return new Outcome.Refused(
                    DeadLetters.of(STAGE, place, acceptedAt, refused.reason(), field, detail, key, value));
        } catch (UnreadableRecordException unreadable) {
            Reason reason = unreadable.unknownSchema() ? Reason.UNKNOWN_SCHEMA : Reason.UNREADABLE;
            return new Outcome.Refused(
                    DeadLetters.of(STAGE, place, acceptedAt, reason, null, unreadable.getMessage(), key, value));
        }
    }

    private Outcome accepted(DeadLetters.Place place, List<Intake.Letter> letters, Instant acceptedAt) {
        Hash16 topicId = topicIds.get(place.topic());
        List<Posting> postings = new ArrayList<>();
        for (int index = 0; index < letters.size(); index++) {
            Intake.Letter letter = letters.get(index);
            MailboxKey key =
                    letter.user() == null ? new MailboxKey.ForEveryone() : new MailboxKey.ForUser(letter.user());
            Origin origin = new Origin(topicId, place.partition(), place.offset(), index);
            postings.add(new Posting(key, new Mail(origin, acceptedAt, letter.body())));
        }
        return new Outcome.Accepted(postings);
    }

    private static Hash16 bytes(Uuid id) {
        return new Hash16(ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static <T extends SpecificRecord> Input<T> one(
            Topic topic, Class<T> type, Function<T, Intake.Letter> rule) {
        return new Input<>(topic, type, (record, acceptedAt) -> List.of(rule.apply(record)));
    }
}
