package io.herald.topology.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ActorBlock;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import io.herald.topology.router.RouterAlarms;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Herald's two topologies one behind the other, in the words of its users. Time stands still unless it is advanced;
 * every call returns when all that follows from it has been written.
 */
public final class HeraldDriver implements AutoCloseable {
    public static final String TENANT = "acme";

    private final String registry;
    private final WireFormat wire;
    private final TwoTopologies herald;
    private Instant now;
    private boolean deadLettersSeen;

    public HeraldDriver(String registryScope) {
        this(registryScope, 1_000, Instant.parse("2026-03-02T10:00:00Z"));
    }

    public HeraldDriver(String registryScope, int cachedUsers, Instant start) {
        this.registry = "mock://" + registryScope;
        this.now = start;
        this.wire = new WireFormat(wireConfig());
        this.herald = new TwoTopologies(wireConfig(), cachedUsers, start);
    }

    /** Takes a promise out that the test breaks on purpose. */
    public HeraldDriver without(Class<? extends Guarantee> promise) {
        herald.promises().removeIf(promise::isInstance);
        return this;
    }

    /** Lets time pass, with the ticks that come with it. */
    public HeraldDriver advance(Duration time) {
        // Not tick by tick: one jump and then ticks is what an outage of the clock looks like, and decides the same.
        Instant target = now.plus(time);
        while (now.isBefore(target)) {
            Duration left = Duration.between(now, target);
            Duration most = left.compareTo(Duration.ofDays(2)) > 0 ? Duration.ofHours(1) : Duration.ofMinutes(1);
            Duration step = left.compareTo(most) > 0 ? most : left;
            now = now.plus(step);
            herald.advance(step, now);
        }
        return this;
    }

    public Instant now() {
        return now;
    }

    public HeraldDriver template(String category, Channel channel, String title, String body) {
        return send(Topics.TEMPLATE_CHANGED, new TemplateChanged(TENANT, category, channel, "en", title, body, null));
    }

    public HeraldDriver device(String user, String device, Platform platform, String token) {
        return send(
                Topics.DEVICE_CHANGED,
                new DeviceChanged(TENANT, user, device, platform, token, "com.acme.app", Environment.PRODUCTION));
    }

    public HeraldDriver email(String user, String address) {
        return contact(user, ContactKind.EMAIL, address);
    }

    public HeraldDriver contact(String user, ContactKind kind, String address) {
        return send(Topics.CONTACT_CHANGED, new ContactChanged(TENANT, user, kind, address));
    }

    public HeraldDriver optOut(String user, String category, Channel channel) {
        return send(
                Topics.PREFERENCE_CHANGED,
                PreferenceChanged.newBuilder()
                        .setTenant(TENANT)
                        .setUser(user)
                        .setOptOuts(List.of(new OptOut(category, channel, true, null, null)))
                        .build());
    }

    public HeraldDriver block(String user, String actor) {
        return send(
                Topics.PREFERENCE_CHANGED,
                PreferenceChanged.newBuilder()
                        .setTenant(TENANT)
                        .setUser(user)
                        .setBlockedActors(List.of(new ActorBlock(actor, true)))
                        .build());
    }

    public HeraldDriver named(String user, String displayName) {
        return send(
                Topics.PREFERENCE_CHANGED,
                PreferenceChanged.newBuilder()
                        .setTenant(TENANT)
                        .setUser(user)
                        .setDisplayName(displayName)
                        .build());
    }

    /** Begins a change of a user's settings; {@link #send} takes it. */
    public static PreferenceChanged.Builder settings(String user, Consumer<PreferenceChanged.Builder> change) {
        PreferenceChanged.Builder builder =
                PreferenceChanged.newBuilder().setTenant(TENANT).setUser(user);
        change.accept(builder);
        return builder;
    }

    public HeraldDriver prefers(String user, Consumer<PreferenceChanged.Builder> change) {
        return send(Topics.PREFERENCE_CHANGED, settings(user, change).build());
    }

    /** Puts a rule in force. */
    public HeraldDriver rule(String category, Consumer<RuleChanged.Builder> terms) {
        RuleChanged.Builder rule = RuleChanged.newBuilder().setTenant(TENANT).setCategory(category);
        terms.accept(rule);
        return send(Topics.RULE_CHANGED, rule.build());
    }

    /** Shares a route between its two providers. */
    public HeraldDriver shares(Route route, int first, int second) {
        return send(Topics.ROUTE_CHANGED, new RouteChanged(route, first, second, null));
    }

    public HeraldDriver subscribes(String user, String topic) {
        return send(Topics.SUBSCRIPTION_CHANGED, new SubscriptionChanged(TENANT, user, topic, true));
    }

    public HeraldDriver connects(String user, String device, String gateway) {
        return connects(user, device, gateway, null);
    }

    public HeraldDriver connects(String user, String device, String gateway, String life) {
        return send(
                Topics.PRESENCE_CHANGED,
                new PresenceChanged(TENANT, user, device, device + "-1", gateway, PresenceState.CONNECTED, now, life));
    }

    public HeraldDriver leases(String gateway, String life, Duration ttl) {
        return send(Topics.GATEWAY_LEASED, new GatewayLeased(gateway, life, ttl.toMillis(), now));
    }

    public HeraldDriver broadcast(String id, String category, Consumer<BroadcastRequested.Builder> terms) {
        BroadcastRequested.Builder broadcast = BroadcastRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("shop")
                .setId(id)
                .setCategory(category)
                .setData(Map.of("text", "hello"));
        terms.accept(broadcast);
        return send(Topics.BROADCAST_REQUESTED, broadcast.build());
    }

    public HeraldDriver cancels(String id, String... recipients) {
        return send(
                Topics.NOTIFICATION_CANCELLED,
                new NotificationCancelled(TENANT, "shop", List.of(recipients), id, null));
    }

    public HeraldDriver event(
            String id, String category, Consumer<NotificationRequested> change, String... recipients) {
        NotificationRequested event = anEvent(id, category, null, recipients);
        change.accept(event);
        return send(Topics.NOTIFICATION_REQUESTED, event);
    }

    public HeraldDriver event(String id, String category, String actor, String... recipients) {
        return send(Topics.NOTIFICATION_REQUESTED, anEvent(id, category, actor, recipients));
    }

    public static NotificationRequested anEvent(String id, String category, String actor, String... recipients) {
        return NotificationRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("shop")
                .setId(id)
                .setCategory(category)
                .setActor(actor)
                .setRecipients(List.of(recipients))
                .setData(Map.of("text", "hello"))
                .build();
    }

    public HeraldDriver acts(String user, InboxAct act, long... seqs) {
        List<Long> items = new ArrayList<>();
        for (long seq : seqs) {
            items.add(seq);
        }
        return send(Topics.INBOX_ACTED, new InboxActed(TENANT, user, act, items, null, null, now));
    }

    public HeraldDriver reports(Delivery delivery, ReportedOutcome outcome) {
        return reports(delivery, outcome, null, null);
    }

    public HeraldDriver reports(Delivery delivery, ReportedOutcome outcome, Instant asOf, Long retryAfterMs) {
        return send(
                Topics.DELIVERY_REPORTED,
                DeliveryReported.newBuilder()
                        .setTenant(delivery.getTenant())
                        .setUser(delivery.getUser())
                        .setNotificationId(delivery.getNotificationId())
                        .setDeliveryId(delivery.getDeliveryId())
                        .setAttempt(delivery.getAttempt())
                        .setRoute(delivery.getRoute())
                        .setOutcome(outcome)
                        .setReason("because")
                        .setAsOf(asOf)
                        .setRetryAfterMs(retryAfterMs)
                        .setReportedAt(now)
                        .setVendor(delivery.getVendor())
                        .setDelivery(outcome == ReportedOutcome.ACCEPTED ? null : delivery)
                        .build());
    }

    /** Says what a provider says later of a delivery. */
    public HeraldDriver receives(Delivery delivery, Receipt receipt) {
        return send(
                Topics.RECEIPT_REPORTED,
                new ReceiptReported(
                        delivery.getTenant(),
                        delivery.getUser(),
                        delivery.getNotificationId(),
                        delivery.getDeliveryId(),
                        delivery.getRoute(),
                        receipt,
                        "because",
                        now));
    }

    /** Writes a record to an input topic, as a producer would. */
    public HeraldDriver send(Topic topic, SpecificRecord record) {
        return sendBytes(topic, wire.value(topic, record), now);
    }

    /** Writes whatever bytes to an input topic, with whatever timestamp. */
    public HeraldDriver sendBytes(Topic topic, byte[] value, Instant timestamp) {
        herald.send(topic, value, timestamp, now);
        return this;
    }

    /** Writes a record straight into the mailbox, as a second copy of intake's would come. */
    public HeraldDriver mail(byte[] key, byte[] value) {
        herald.mail(new TestRecord<>(key, value, now), now);
        return this;
    }

    /** Returns what the topic holds, oldest first. */
    public <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        return herald.written(topic).stream()
                .map(record -> record.value() == null
                        ? null
                        : wire.read(topic, type, record.value().get()))
                .toList();
    }

    public List<TwoTopologies.Written> raw(Topic topic) {
        return herald.written(topic);
    }

    public List<Delivery> deliveries(Topic topic) {
        return read(topic, Delivery.class);
    }

    public List<LedgerEntry> ledger() {
        return read(Topics.LEDGER, LedgerEntry.class);
    }

    /** Returns the id of the notification that an event became for the one user it was for. */
    public String notification(String eventId) {
        return ledger().stream()
                .filter(entry -> entry.getBody() instanceof Decision decision
                        && decision.getEventId().equals(eventId))
                .findFirst()
                .orElseThrow()
                .getNotificationId();
    }

    /** What someone has to look at. */
    public RouterAlarms alarms() {
        return herald.alarms();
    }

    public List<DeadLetter> deadLetters() {
        deadLettersSeen = true;
        return read(Topics.DEAD_LETTER, DeadLetter.class);
    }

    /** Returns the only element, as most tests expect one. */
    public static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }

    /** Returns the mailbox as intake wrote it. */
    public List<TestRecord<byte[], byte[]>> mailbox() {
        return herald.mailbox();
    }

    public WireFormat wire() {
        return wire;
    }

    public TopologyTestDriver router() {
        return herald.router();
    }

    public Map<String, Object> wireConfig() {
        return Map.of("schema.registry.url", registry);
    }

    /** Reads a mailbox record. */
    public Mail mail(TestRecord<byte[], byte[]> record) {
        return wire.read(Topics.MAILBOX, Mail.class, record.value());
    }

    @Override
    public void close() {
        herald.close();
        if (!deadLettersSeen) {
            assertThat(deadLetters())
                    .as("dead letters that the test did not ask for")
                    .isEmpty();
        }
        herald.promises().forEach(Guarantee::checkAtRest);
    }
}
