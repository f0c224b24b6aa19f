package io.herald.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.schema.Vendor;
import io.herald.topic.Topic.Cleanup;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TopicsTest {
    static Stream<Topic> all() {
        return Topics.ALL.stream();
    }

    /** The contract with whoever produces and consumes. A change here is a migration. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            notification.requested, Any,    NotificationRequested, DELETE,             7, 3145728
            preference.changed,     Any,    PreferenceChanged,     DELETE,             7, 3145728
            device.changed,         Any,    DeviceChanged,         DELETE,             7, 3145728
            contact.changed,        Any,    ContactChanged,        DELETE,             7, 3145728
            inbox.acted,            Any,    InboxActed,            DELETE,             7, 3145728
            presence.changed,       Any,    PresenceChanged,       DELETE,             7, 3145728
            gateway.leased,         Any,    GatewayLeased,         DELETE,             7, 3145728
            template.changed,       Any,    TemplateChanged,       DELETE,             7, 3145728
            delivery.reported,      Any,    DeliveryReported,      DELETE,             7, 3145728
            mailbox,                User,   Mail,                  DELETE,            30, 1048576
            delivery.apns,          User,   Delivery,              DELETE,             3, 1048576
            delivery.fcm,           User,   Delivery,              DELETE,             3, 1048576
            delivery.email,         User,   Delivery,              DELETE,             3, 1048576
            delivery.sms.second.bulk, User, Delivery,              DELETE,             3, 1048576
            intent.email,           Struct, Intent,                COMPACT_AND_DELETE, 3, 1048576
            intent.sms,             Struct, Intent,                COMPACT_AND_DELETE, 3, 1048576
            route.changed,          Any,    RouteChanged,          DELETE,             7, 3145728
            receipt.reported,       Any,    ReceiptReported,       DELETE,             7, 3145728
            inbox.item,             Struct, InboxItem,             COMPACT,           30, 1048576
            inbox.mark,             Struct, InboxMark,             COMPACT,           30, 1048576
            inbox.user,             Struct, InboxUser,             COMPACT,           30, 1048576
            profile.state,          Struct, ProfileState,          COMPACT,           30, 3145728
            ingest.audited,         Any,    IngestAudited,         DELETE,            90, 1048576
            ledger,                 User,   LedgerEntry,           DELETE,            30, 1048576
            ledger.state,           Struct, LedgerState,           COMPACT_AND_DELETE, 30, 1048576
            broadcast.state,        Struct, BroadcastState,        COMPACT_AND_DELETE, 30, 1048576
            erased,                 Struct, Erased,                COMPACT,           30, 1048576
            user.forgotten,         Struct, Forgotten,             COMPACT_AND_DELETE, 7, 1048576
            dead.letter,            Any,    DeadLetter,            DELETE,            30, 1048576
            """)
    void holdsWhatItSays(String name, String key, String value, Cleanup cleanup, int days, int maxMessageBytes) {
        Topic topic = named(name);
        assertThat(topic.key().getClass().getSimpleName()).isEqualTo(key);
        assertThat(topic.value().getName()).isEqualTo(value);
        assertThat(topic.cleanup()).isEqualTo(cleanup);
        assertThat(topic.retention()).isEqualTo(Duration.ofDays(days));
        assertThat(topic.maxMessageBytes()).isEqualTo(maxMessageBytes);
    }

    @Test
    void keepsRealtimeForAnHour() {
        assertThat(Topics.REALTIME.retention()).isEqualTo(Duration.ofHours(1));
        assertThat(Topics.REALTIME.key()).isInstanceOf(Topic.Key.Gateway.class);
        assertThat(Topics.REALTIME.value().getName()).isEqualTo("Realtime");
    }

    @Test
    void noTwoTopicsShareAName() {
        assertThat(all().map(Topic::name)).doesNotHaveDuplicates().hasSize(54);
    }

    @Test
    void allAreInputsMailboxAndOutputs() {
        assertThat(Topics.ALL)
                .containsAll(Topics.INPUTS)
                .contains(Topics.MAILBOX)
                .containsAll(Topics.OUTPUTS)
                .containsAll(Topics.BULK_INPUTS)
                .contains(Topics.INTENT_EMAIL, Topics.INTENT_SMS, Topics.INGEST_AUDITED)
                // What the router writes for intake is of both.
                .hasSize(Topics.INPUTS.size() + Topics.BULK_INPUTS.size() + 1 + Topics.OUTPUTS.size() - 2 + 2 + 1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aNameIsLowerCaseWithDots(Topic topic) {
        assertThat(topic.name()).matches("[a-z]+(\\.[a-z]+)*");
        assertThat(topic.holds()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("all")
    void partitionsCanBeDoubled(Topic topic) {
        assertThat(UserKey.SHARDS % topic.partitions()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aStructKeyBeginsWithTheUser(Topic topic) {
        // Of broadcasts, and of those whose names are forgotten.
        Set<Topic> others = Set.of(Topics.BROADCAST_STATE, Topics.ERASED);
        topic.keySchema().filter(key -> !others.contains(topic)).ifPresent(key -> assertThat(
                        key.getFields().stream().map(Schema.Field::name))
                .startsWith("tenant", "user_id"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void onlyTablesAreCompacted(Topic topic) {
        assertThat(topic.cleanup() != Cleanup.DELETE)
                .isEqualTo(topic.keySchema().isPresent());
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            mailbox,      1, 1, one replica cannot be in sync with another
            mailbox,      2, 2, two replicas
            mailbox,      3, 2, one of three may be down
            inbox.item,   3, 2, a compacted one too
            """)
    void asksForAsManyReplicasInSyncAsThereCanBe(String name, short replicas, String inSync, String why) {
        assertThat(named(name).settings(replicas)).containsEntry("min.insync.replicas", inSync);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            DELETE,             delete,           retention.ms
            COMPACT,            compact,          delete.retention.ms
            COMPACT_AND_DELETE, 'compact,delete', retention.ms
            """)
    void setsTheTimeThatTheCleanupGoesBy(Cleanup cleanup, String policy, String timeKey) {
        Map<String, String> expected = new HashMap<>(Map.of(
                "cleanup.policy",
                policy,
                timeKey,
                "172800000",
                "segment.ms",
                "86400000",
                "max.message.bytes",
                "1000",
                "min.insync.replicas",
                "2"));
        if (cleanup != Cleanup.DELETE) {
            // Otherwise a tombstone in a quiet topic removes nothing, and an erased user stays for ever.
            expected.put("max.compaction.lag.ms", "604800000");
        }
        assertThat(kept(cleanup, Duration.ofDays(2)).settings((short) 3)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            DELETE,             P30D, P31D, the newest record in its segment may be a day younger
            DELETE,             PT1H, PT2H, a segment is never longer than what is kept
            COMPACT,            P30D, P37D, a week until it is compacted and then the tombstone
            COMPACT_AND_DELETE, P30D, P31D, compacted sooner but deleted at the latest
            """)
    void knowsWhenNothingIsLeftOfARecord(Cleanup cleanup, Duration retention, Duration gone, String why) {
        assertThat(kept(cleanup, retention).goneAfter()).isEqualTo(gone);
    }

    private static Topic kept(Cleanup cleanup, Duration retention) {
        return new Topic("t", new Topic.Key.Any(), Delivery.getClassSchema(), 4, cleanup, retention, 1000, "test");
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void everySenderHasATopicForEachLane(Route route) {
        for (Vendor vendor : Topics.vendors(route)) {
            Topic urgent = Topics.delivery(route, vendor, Lane.URGENT);
            Topic bulk = Topics.delivery(route, vendor, Lane.BULK);
            assertThat(urgent.name())
                    .isEqualToIgnoringCase("delivery." + route + (vendor == Vendor.SECOND ? ".second" : ""));
            assertThat(bulk.name()).isEqualTo(urgent.name() + ".bulk");
            assertThat(Topics.OUTPUTS).contains(urgent, bulk);
        }
    }

    @Test
    void aVendorThatARouteCannotHaveIsRefused() {
        assertThatThrownBy(() -> Topics.delivery(Route.APNS, Vendor.SECOND, Lane.URGENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("APNS");
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void intentsLieBesideTheirDeliveries(Route route) {
        Topics.intents(route).ifPresent(intents -> assertThat(intents.partitions())
                .isEqualTo(Topics.delivery(route, Lane.URGENT).partitions()));
    }

    private static Topic named(String name) {
        return all().filter(topic -> topic.name().equals(name)).findFirst().orElseThrow();
    }
}
