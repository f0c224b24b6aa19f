package io.herald.topic;

import io.herald.schema.AddressReported;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.BroadcastState;
import io.herald.schema.BroadcastStateKey;
import io.herald.schema.CheckpointRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Erased;
import io.herald.schema.ErasedKey;
import io.herald.schema.Forgotten;
import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxActed;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.InboxUser;
import io.herald.schema.InboxUserKey;
import io.herald.schema.IngestAudited;
import io.herald.schema.Intent;
import io.herald.schema.IntentKey;
import io.herald.schema.Lane;
import io.herald.schema.LedgerEntry;
import io.herald.schema.LedgerState;
import io.herald.schema.LedgerStateKey;
import io.herald.schema.Mail;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.ProfileState;
import io.herald.schema.Realtime;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.SocketReported;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenMoved;
import io.herald.schema.TokenReleased;
import io.herald.schema.UserErased;
import io.herald.schema.Vendor;
import io.herald.topic.Topic.Cleanup;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The topic catalogue. Whatever creates, documents or checks a topic reads it here. */
public final class Topics {
    private static final int ONE_MB = 1 << 20;
    private static final int INPUT_BYTES = 3 * ONE_MB;
    private static final Topic.Key ANY = new Topic.Key.Any();
    private static final Topic.Key USER = new Topic.Key.User();

    public static final Topic NOTIFICATION_REQUESTED = input(
            "notification.requested", NotificationRequested.getClassSchema(), "what producers want users to hear of");
    /** Drained by the bulk intake alone, at the pace that the router keeps. */
    public static final Topic NOTIFICATION_REQUESTED_BULK = input(
            "notification.requested.bulk",
            NotificationRequested.getClassSchema(),
            "the same, for what must never delay the urgent");

    public static final Topic NOTIFICATION_CANCELLED =
            input("notification.cancelled", NotificationCancelled.getClassSchema(), "what producers take back");
    public static final Topic BROADCAST_REQUESTED =
            input("broadcast.requested", BroadcastRequested.getClassSchema(), "one event for many users");
    public static final Topic BROADCAST_CONTROLLED =
            input("broadcast.controlled", BroadcastControlled.getClassSchema(), "pause, resume, cancel of broadcasts");
    public static final Topic RULE_CHANGED =
            input("rule.changed", RuleChanged.getClassSchema(), "how categories are treated");
    public static final Topic ROUTE_CHANGED =
            input("route.changed", RouteChanged.getClassSchema(), "how routes share between two providers");
    public static final Topic SUBSCRIPTION_CHANGED =
            input("subscription.changed", SubscriptionChanged.getClassSchema(), "who hears of which topic");
    public static final Topic ADDRESS_REPORTED =
            input("address.reported", AddressReported.getClassSchema(), "bounces, complaints, STOP");
    public static final Topic SOCKET_REPORTED =
            input("socket.reported", SocketReported.getClassSchema(), "what gateways showed, or could not");
    public static final Topic USER_ERASED = input("user.erased", UserErased.getClassSchema(), "users to forget");
    public static final Topic CHECKPOINT_REQUESTED =
            input("checkpoint.requested", CheckpointRequested.getClassSchema(), "cuts for snapshots");
    /** Written by the router itself: users live in different partitions, and only intake writes the mailbox. */
    public static final Topic TOKEN_MOVED =
            input("token.moved", TokenMoved.getClassSchema(), "push tokens that have a new owner");
    /** Written by the router itself, too. */
    public static final Topic TOKEN_RELEASED =
            input("token.released", TokenReleased.getClassSchema(), "push tokens that their owners have no longer");

    public static final Topic PREFERENCE_CHANGED =
            input("preference.changed", PreferenceChanged.getClassSchema(), "changes of users' settings");
    public static final Topic DEVICE_CHANGED =
            input("device.changed", DeviceChanged.getClassSchema(), "push tokens registered, renewed, given up");
    public static final Topic CONTACT_CHANGED =
            input("contact.changed", ContactChanged.getClassSchema(), "e-mail addresses and phone numbers");
    public static final Topic INBOX_ACTED =
            input("inbox.acted", InboxActed.getClassSchema(), "what users did to inbox items");
    public static final Topic PRESENCE_CHANGED =
            input("presence.changed", PresenceChanged.getClassSchema(), "sockets opened and closed");
    /** Every few seconds of each gateway; into every partition of the mailbox. */
    public static final Topic GATEWAY_LEASED =
            input("gateway.leased", GatewayLeased.getClassSchema(), "which gateways live");

    public static final Topic TEMPLATE_CHANGED =
            input("template.changed", TemplateChanged.getClassSchema(), "texts per category, channel and locale");
    public static final Topic DELIVERY_REPORTED =
            input("delivery.reported", DeliveryReported.getClassSchema(), "what attempts at providers came to");

    /** Written by senders, of what providers tell them later. */
    public static final Topic RECEIPT_REPORTED = input(
            "receipt.reported", ReceiptReported.getClassSchema(), "what providers say after they accepted a delivery");

    /** The one log that decisions are made from, and that a replay reads. Only intake writes it. */
    public static final Topic MAILBOX = log(
            "mailbox",
            USER,
            Mail.getClassSchema(),
            Duration.ofDays(30),
            "everything that can change a decision, by user");

    /** One for each sender process and lane. */
    public static final List<Topic> DELIVERIES = Stream.of(Route.values())
            .flatMap(route -> vendors(route).stream().flatMap(vendor -> Stream.of(Lane.values())
                    .map(lane -> deliveries(deliveryName(route, vendor, lane)))))
            .toList();

    public static final Topic DELIVERY_APNS = delivery(Route.APNS, Lane.URGENT);
    public static final Topic DELIVERY_FCM = delivery(Route.FCM, Lane.URGENT);
    public static final Topic DELIVERY_WEBPUSH = delivery(Route.WEBPUSH, Lane.URGENT);
    public static final Topic DELIVERY_EMAIL = delivery(Route.EMAIL, Lane.URGENT);
    public static final Topic DELIVERY_SMS = delivery(Route.SMS, Lane.URGENT);
    public static final Topic DELIVERY_WEBHOOK = delivery(Route.WEBHOOK, Lane.URGENT);
    public static final Topic DELIVERY_APNS_BULK = delivery(Route.APNS, Lane.BULK);
    public static final Topic DELIVERY_FCM_BULK = delivery(Route.FCM, Lane.BULK);
    public static final Topic DELIVERY_EMAIL_BULK = delivery(Route.EMAIL, Lane.BULK);

    /** Written by e-mail senders for themselves: nothing hides a second mail. */
    public static final Topic INTENT_EMAIL = intents("intent.email");
    /** The same of SMS senders. */
    public static final Topic INTENT_SMS = intents("intent.sms");

    private static final List<Topic> INTENTS = List.of(INTENT_EMAIL, INTENT_SMS);

    public static final Topic REALTIME = log(
            "realtime",
            new Topic.Key.Gateway(),
            Realtime.getClassSchema(),
            Duration.ofHours(1),
            "changes of inboxes, for the gateways that hold open sockets");

    public static final Topic INBOX_ITEM = table(
            "inbox.item",
            InboxKey.getClassSchema(),
            InboxItem.getClassSchema(),
            Cleanup.COMPACT,
            "inbox content, written once");
    public static final Topic INBOX_MARK = table(
            "inbox.mark",
            InboxKey.getClassSchema(),
            InboxMark.getClassSchema(),
            Cleanup.COMPACT,
            "seen, read, archived");
    public static final Topic INBOX_USER = table(
            "inbox.user",
            InboxUserKey.getClassSchema(),
            InboxUser.getClassSchema(),
            Cleanup.COMPACT,
            "unread count, watermarks");
    /** As large as an input: JSON is longer than what it is made of. */
    public static final Topic PROFILE_STATE = new Topic(
            "profile.state",
            new Topic.Key.Struct(InboxUserKey.getClassSchema()),
            ProfileState.getClassSchema(),
            4,
            Cleanup.COMPACT,
            Duration.ofDays(30),
            INPUT_BYTES,
            "what users told us, to show it to them");

    public static final Topic LEDGER = log(
            "ledger", USER, LedgerEntry.getClassSchema(), Duration.ofDays(30), "every decision and every transition");
    public static final Topic LEDGER_STATE = table(
            "ledger.state",
            LedgerStateKey.getClassSchema(),
            LedgerState.getClassSchema(),
            Cleanup.COMPACT_AND_DELETE,
            "one row per notification, for PostgreSQL");
    public static final Topic BROADCAST_STATE = table(
            "broadcast.state",
            BroadcastStateKey.getClassSchema(),
            BroadcastState.getClassSchema(),
            Cleanup.COMPACT_AND_DELETE,
            "how far each broadcast is in each partition");
    public static final Topic ERASED = table(
            "erased",
            ErasedKey.getClassSchema(),
            Erased.getClassSchema(),
            Cleanup.COMPACT,
            "who was erased, by hash, and when the last copy is gone");
    public static final Topic USER_FORGOTTEN = new Topic(
            "user.forgotten",
            new Topic.Key.Struct(InboxUserKey.getClassSchema()),
            Forgotten.getClassSchema(),
            4,
            Cleanup.COMPACT_AND_DELETE,
            Duration.ofDays(7),
            ONE_MB,
            "users whom PostgreSQL is to forget");
    public static final Topic DEAD_LETTER = new Topic(
            "dead.letter",
            ANY,
            DeadLetter.getClassSchema(),
            4,
            Cleanup.DELETE,
            Duration.ofDays(30),
            ONE_MB,
            "what could not be accepted or finished, for redrive");

    /** Written by ingest for auditors; Herald itself does not read it. */
    public static final Topic INGEST_AUDITED =
            log("ingest.audited", ANY, IngestAudited.getClassSchema(), Duration.ofDays(90), "who asked what of ingest");

    /** What producers, app back ends, gateways and senders write, and intake reads. */
    public static final List<Topic> INPUTS = List.of(
            NOTIFICATION_REQUESTED,
            NOTIFICATION_CANCELLED,
            BROADCAST_REQUESTED,
            BROADCAST_CONTROLLED,
            RULE_CHANGED,
            ROUTE_CHANGED,
            SUBSCRIPTION_CHANGED,
            PREFERENCE_CHANGED,
            DEVICE_CHANGED,
            CONTACT_CHANGED,
            INBOX_ACTED,
            PRESENCE_CHANGED,
            GATEWAY_LEASED,
            TEMPLATE_CHANGED,
            DELIVERY_REPORTED,
            RECEIPT_REPORTED,
            ADDRESS_REPORTED,
            SOCKET_REPORTED,
            USER_ERASED,
            TOKEN_MOVED,
            TOKEN_RELEASED,
            CHECKPOINT_REQUESTED);

    /** What the bulk intake reads. */
    public static final List<Topic> BULK_INPUTS = List.of(NOTIFICATION_REQUESTED_BULK);

    /** What the router writes. */
    public static final List<Topic> OUTPUTS = Stream.concat(
                    DELIVERIES.stream(),
                    Stream.of(
                            REALTIME,
                            INBOX_ITEM,
                            INBOX_MARK,
                            INBOX_USER,
                            PROFILE_STATE,
                            LEDGER,
                            LEDGER_STATE,
                            BROADCAST_STATE,
                            ERASED,
                            USER_FORGOTTEN,
                            TOKEN_MOVED,
                            TOKEN_RELEASED,
                            DEAD_LETTER))
            .toList();

    public static final List<Topic> ALL = Stream.of(
                    INPUTS, BULK_INPUTS, List.of(MAILBOX), OUTPUTS, INTENTS, List.of(INGEST_AUDITED))
            .flatMap(List::stream)
            .distinct()
            .toList();

    private Topics() {}

    /** Returns the topic of {@code lane} that the first, or only, sender of {@code route} drains. */
    public static Topic delivery(Route route, Lane lane) {
        return delivery(route, Vendor.FIRST, lane);
    }

    /**
     * Returns the topic of {@code lane} that a sender of {@code route} drains; refuses a vendor that it cannot have.
     */
    public static Topic delivery(Route route, Vendor vendor, Lane lane) {
        String name = deliveryName(route, vendor, lane);
        return DELIVERIES.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(route + " has one provider"));
    }

    /** Returns the topic of the sender that is to get {@code delivery}. */
    public static Topic delivery(Delivery delivery) {
        Vendor vendor = delivery.getVendor() == null ? Vendor.FIRST : delivery.getVendor();
        return delivery(delivery.getRoute(), vendor, delivery.getLane());
    }

    /** Returns which providers a route may have. */
    public static List<Vendor> vendors(Route route) {
        return switch (route) {
            case EMAIL, SMS -> List.of(Vendor.FIRST, Vendor.SECOND);
            case APNS, FCM, WEBPUSH, WEBHOOK -> List.of(Vendor.FIRST);
        };
    }

    /** Returns where the senders of {@code route} note what they are about to send, if a repeat of it would show. */
    public static Optional<Topic> intents(Route route) {
        return switch (route) {
            case EMAIL -> Optional.of(INTENT_EMAIL);
            case SMS -> Optional.of(INTENT_SMS);
            case APNS, FCM, WEBPUSH, WEBHOOK -> Optional.empty();
        };
    }

    private static String deliveryName(Route route, Vendor vendor, Lane lane) {
        return "delivery." + route.name().toLowerCase(Locale.ROOT)
                + switch (vendor) {
                    case FIRST -> "";
                    case SECOND -> ".second";
                }
                + switch (lane) {
                    case URGENT -> "";
                    case BULK -> ".bulk";
                };
    }

    private static Topic input(String name, Schema value, String holds) {
        return new Topic(name, ANY, value, 4, Cleanup.DELETE, Duration.ofDays(7), INPUT_BYTES, holds);
    }

    private static Topic log(String name, Topic.Key key, Schema value, Duration retention, String holds) {
        return new Topic(name, key, value, 4, Cleanup.DELETE, retention, ONE_MB, holds);
    }

    private static Topic deliveries(String name) {
        return log(name, USER, Delivery.getClassSchema(), Duration.ofDays(3), "deliveries for one sender");
    }

    private static Topic intents(String name) {
        return new Topic(
                name,
                new Topic.Key.Struct(IntentKey.getClassSchema()),
                Intent.getClassSchema(),
                4,
                Cleanup.COMPACT_AND_DELETE,
                Duration.ofDays(3),
                ONE_MB,
                "what is about to be sent, until its outcome is reported");
    }

    private static Topic table(String name, Schema key, Schema value, Cleanup cleanup, String holds) {
        return new Topic(name, new Topic.Key.Struct(key), value, 4, cleanup, Duration.ofDays(30), ONE_MB, holds);
    }
}
