package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Channel;
import io.herald.schema.Hash16;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Pair;
import io.herald.schema.Reason;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NotificationIntakeTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no tenant", event -> event.setTenant(""), "tenant"),
                refusal("a source in upper case", event -> event.setSource("Blog"), "source"),
                refusal("no id", event -> event.setId(""), "id"),
                refusal("an id too long", event -> event.setId("x".repeat(129)), "id"),
                refusal("no category", event -> event.setCategory(""), "category"),
                refusal("an empty actor", event -> event.setActor(""), "actor"),
                refusal("an actor too long", event -> event.setActor("x".repeat(129)), "actor"),
                refusal("a relative link", event -> event.setLink("/orders/1"), "link"),
                refusal("a collapse key too long", event -> event.setCollapseKey("x".repeat(65)), "collapseKey"),
                refusal("an empty object", event -> event.setObject(""), "object"),
                refusal("an object too long", event -> event.setObject("x".repeat(129)), "object"),
                refusal("an empty cancel key", event -> event.setCancelKey(""), "cancelKey"),
                refusal("a cancel key too long", event -> event.setCancelKey("x".repeat(65)), "cancelKey"),
                refusal(
                        "a time too far ahead",
                        event -> event.setSendAt(NOW.plus(Duration.ofDays(28)).plusMillis(1)),
                        "sendAt"),
                refusal("the end of time", event -> event.setSendAt(Instant.ofEpochMilli(Long.MAX_VALUE)), "sendAt"),
                refusal("over before it is sent", event -> event.setSendAt(NOW.plusSeconds(3_601)), "expiresAt"),
                refusal("over when it is sent", event -> event.setSendAt(NOW.plusSeconds(3_600)), "expiresAt"),
                refusal("nobody", event -> event.setRecipients(List.of()), "recipients"),
                refusal("an empty recipient", event -> event.setRecipients(List.of("ann", "")), "recipients"),
                refusal("a recipient with NUL", event -> event.setRecipients(List.of("a\0n")), "recipients"),
                refusal("too many recipients", event -> event.setRecipients(users(101)), "recipients"),
                refusal("a name too long", event -> event.setData(Map.of("x".repeat(65), "y")), "data"),
                refusal("an empty name", event -> event.setData(Map.of("", "y")), "data"),
                refusal("a value too long", event -> event.setData(Map.of("x", "y".repeat(4_097))), "data.x"),
                refusal("too many values", event -> event.setData(values(65, 1)), "data"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalNamesTheField(String why, NotificationRequested event, String field) {
        RefusedException refused = refused(event);
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            64, x, true,  64 times 1024 bytes
            65, x, false, more entries than may be
            21, €, true,  21 times 3064 bytes
            22, €, false, fewer characters than 64 K but more bytes
            """)
    void theDataOfAnEventIsAtMost64Kilobytes(int entries, String text, boolean taken, String why) {
        Map<String, String> data = new HashMap<>();
        for (int entry = 0; entry < entries; entry++) {
            data.put("n%03d".formatted(entry), text.repeat(1_020));
        }
        NotificationRequested event = event();
        event.setData(data);
        if (taken) {
            assertThat(only(event).getData()).hasSize(entries);
        } else {
            assertThat(refused(event).field()).isEqualTo("data");
        }
    }

    @Test
    void moreThan64KilobytesAreTooLarge() {
        NotificationRequested event = event();
        event.setData(values(64, 1_024));
        assertThat(refused(event).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void saysWhatTheEventSaid() {
        Notification notification = only(event());
        assertThat(notification.getTenant()).isEqualTo("acme");
        assertThat(notification.getUser()).isEqualTo("ann");
        assertThat(notification.getSource()).isEqualTo("blog");
        assertThat(notification.getEventId()).isEqualTo("e-1");
        assertThat(notification.getCategory()).isEqualTo("comment");
        assertThat(notification.getActor()).isEqualTo("bob");
        assertThat(notification.getLink()).isEqualTo("https://example.org/1");
        assertThat(notification.getCollapseKey()).isEqualTo("post-1");
        assertThat(notification.getObject()).isEqualTo("thread-1");
        assertThat(notification.getCancelKey()).isEqualTo("cart-1");
        assertThat(notification.getLane()).isNull();
        assertThat(notification.getTopic()).isNull();
        assertThat(notification.getBroadcastId()).isNull();
    }

    @Test
    void whatCameInAsBulkIsMarkedAndTheSameOtherwise() {
        Notification bulk = (Notification)
                NotificationIntake.expand(event(), Lane.BULK, NOW).get(0).body();
        assertThat(bulk.getLane()).isEqualTo(Lane.BULK);
        bulk.setLane(null);
        assertThat(bulk).isEqualTo(only(event()));
    }

    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                        -,                        -,                    2026-03-04T12:00:00Z, false, neither is said
            2026-03-02T12:00:00Z,     -,                        2026-03-02T12:00:00Z, 2026-03-05T12:00:00Z, false, its three days begin when it is sent
            2026-03-29T12:00:00Z,     -,                        2026-03-29T12:00:00Z, 2026-04-01T12:00:00Z, false, as late as may be
            2026-03-01T12:00:00Z,     -,                        -,                    2026-03-04T12:00:00Z, false, just now is now
            1970-01-01T00:00:00Z,     -,                        -,                    2026-03-04T12:00:00Z, false, the past is now
            2026-03-02T12:00:00Z,     2026-03-02T12:00:00.001Z, 2026-03-02T12:00:00Z, 2026-03-02T12:00:00.001Z, true, as short as may be
            2026-03-29T12:00:00Z,     9999-12-31T23:59:59.999Z, 2026-03-29T12:00:00Z, 2026-04-26T12:00:00Z, true,  28 days after it is sent
            1970-01-01T00:00:00Z,     2026-03-01T12:00:01Z,     -,                    2026-03-01T12:00:01Z, true,  sent now and over soon
            """)
    void itsLifeBeginsWhenItIsToBeSent(
            Instant sendAt, Instant expiry, Instant willBeSentAt, Instant expiresAt, boolean given, String why) {
        NotificationRequested event = event();
        event.setSendAt(sendAt);
        event.setExpiresAt(expiry);
        Notification notification = only(event);
        assertThat(notification.getSendAt()).isEqualTo(willBeSentAt);
        assertThat(notification.getExpiresAt()).isEqualTo(expiresAt);
        assertThat(notification.getExpiryGiven()).isEqualTo(given);
    }

    @Test
    void aRepeatAfterItsTimeIsTheSameContent() {
        NotificationRequested event = event();
        event.setSendAt(NOW.plusSeconds(60));
        Notification late = (Notification) NotificationIntake.expand(event, null, NOW.plusSeconds(61))
                .get(0)
                .body();
        assertThat(late.getSendAt()).isNull();
        assertThat(late.getContentHash()).isEqualTo(only(event).getContentHash());
    }

    @Test
    void aHundredRecipientsAreAHundredNotifications() {
        NotificationRequested event = event();
        event.setRecipients(users(100));
        assertThat(NotificationIntake.expand(event, null, NOW)).hasSize(100);
    }

    @Property
    void recipientsAreDistinctAndKeepTheirOrder(
            @ForAll @Size(min = 1, max = 100) List<@AlphaChars @StringLength(min = 1, max = 2) String> recipients) {
        NotificationRequested event = event();
        event.setRecipients(recipients);
        List<Intake.Letter> letters = NotificationIntake.expand(event, null, NOW);
        assertThat(letters.stream().map(letter -> letter.user().user()))
                .containsExactlyElementsOf(new LinkedHashSet<>(recipients));
        assertThat(letters).allSatisfy(letter -> assertThat(((Notification) letter.body()).getUser())
                .isEqualTo(letter.user().user()));
        assertThat(letters.stream().map(letter -> ((Notification) letter.body()).getNotificationId()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aRecipientHasOneIdWhoeverElseIsInTheList() {
        NotificationRequested alone = event();
        NotificationRequested among = event();
        among.setRecipients(List.of("bob", "ann", "cyd"));
        Notification ann = (Notification) NotificationIntake.expand(among, null, NOW.plusSeconds(9))
                .get(1)
                .body();
        assertThat(ann.getNotificationId()).isEqualTo(only(alone).getNotificationId());
        assertThat(ann.getContentHash()).isEqualTo(only(alone).getContentHash());
    }

    @Test
    void aRecipientIsPlacedByTenantAndName() {
        NotificationRequested event = event();
        event.setRecipients(List.of("O'Brien"));
        assertThat(NotificationIntake.expand(event, null, NOW).get(0).user()).isEqualTo(new UserKey("acme", "O'Brien"));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                            2026-03-01T12:00:00Z, not said: when it was accepted
            1970-01-01T00:00:00Z,         1970-01-01T00:00:00Z, long ago
            2026-03-01T11:59:59.999Z,     2026-03-01T11:59:59.999Z, just before
            2026-03-01T12:00:00.001Z,     2026-03-01T12:00:00Z, a clock that is ahead
            9999-12-31T23:59:59.999Z,     2026-03-01T12:00:00Z, the end of time
            """)
    void itHappenedBeforeItWasAccepted(Instant said, Instant occurredAt, String why) {
        NotificationRequested event = event();
        event.setOccurredAt(said);
        assertThat(only(event).getOccurredAt()).isEqualTo(occurredAt);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                            2026-03-04T12:00:00Z,     not said: three days
            2026-03-01T12:00:10Z,         2026-03-01T12:00:10Z,     soon
            2026-03-29T12:00:00Z,         2026-03-29T12:00:00Z,     as late as may be
            2026-03-29T12:00:00.001Z,     2026-03-29T12:00:00Z,     later than may be
            9999-12-31T23:59:59.999Z,     2026-03-29T12:00:00Z,     the end of time
            2026-03-01T11:00:00Z,         2026-03-01T11:00:00Z,     already over
            1970-01-01T00:00:00Z,         1970-01-01T00:00:00Z,     long over
            """)
    void itExpiresWithin28Days(Instant said, Instant expiresAt, String why) {
        NotificationRequested event = event();
        event.setExpiresAt(said);
        assertThat(only(event).getExpiresAt()).isEqualTo(expiresAt);
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808", "9223372036854775807"})
    void aTimestampMayBeAnyNumber(long millis) {
        NotificationRequested event = event();
        event.setOccurredAt(Instant.ofEpochMilli(millis));
        event.setExpiresAt(Instant.ofEpochMilli(millis));
        Notification notification = only(event);
        assertThat(notification.getOccurredAt()).isBeforeOrEqualTo(NOW);
        assertThat(notification.getExpiresAt()).isBeforeOrEqualTo(NOW.plus(Duration.ofDays(28)));
        assertThat(notification.getOccurredAt().toEpochMilli()).isNotZero();
        assertThat(notification.getExpiresAt().toEpochMilli()).isNotZero();
    }

    @Test
    void dataIsSortedAndCleaned() {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("z", "last\0");
        data.put("B", "upper case comes first");
        data.put("a", "\u202Efirst");
        NotificationRequested event = event();
        event.setData(data);
        assertThat(only(event).getData())
                .containsExactly(
                        new Pair("B", "upper case comes first"), new Pair("a", "first"), new Pair("z", "last"));
    }

    @Test
    void channelsAreSortedAndDistinct() {
        NotificationRequested event = event();
        event.setChannels(List.of(Channel.EMAIL, Channel.INBOX, Channel.EMAIL));
        assertThat(only(event).getChannels()).containsExactly(Channel.INBOX, Channel.EMAIL);
        event.setChannels(null);
        assertThat(only(event).getChannels()).isEmpty();
    }

    @Test
    void aProducersRepeatHasTheSameContentWheneverItComes() {
        Hash16 first = only(event()).getContentHash();
        NotificationRequested repeat = event();
        Map<String, String> otherOrder = new LinkedHashMap<>();
        otherOrder.put("text", "hello");
        otherOrder.put("post", "1");
        repeat.setData(otherOrder);
        repeat.setChannels(List.of(Channel.PUSH, Channel.INBOX));
        Notification later = (Notification) NotificationIntake.expand(repeat, null, NOW.plus(Duration.ofHours(20)))
                .get(0)
                .body();
        assertThat(later.getContentHash()).isEqualTo(first);
    }

    static Stream<Arguments> otherContents() {
        return Stream.of(
                Arguments.of("category", change(event -> event.setCategory("like"))),
                Arguments.of("actor", change(event -> event.setActor("cyd"))),
                Arguments.of("no actor", change(event -> event.setActor(null))),
                Arguments.of("a value", change(event -> event.setData(Map.of("post", "2", "text", "hello")))),
                Arguments.of("a name", change(event -> event.setData(Map.of("blog", "1", "text", "hello")))),
                Arguments.of("a value less", change(event -> event.setData(Map.of("post", "1")))),
                Arguments.of("a channel less", change(event -> event.setChannels(List.of(Channel.PUSH)))),
                Arguments.of("every channel", change(event -> event.setChannels(null))),
                Arguments.of("link", change(event -> event.setLink("https://example.org/2"))),
                Arguments.of("collapse key", change(event -> event.setCollapseKey(null))),
                Arguments.of("time", change(event -> event.setOccurredAt(NOW.minusSeconds(5)))),
                Arguments.of("object", change(event -> event.setObject("thread-2"))),
                Arguments.of("cancel key", change(event -> event.setCancelKey("cart-2"))),
                Arguments.of("when to send", change(event -> event.setSendAt(NOW.plusSeconds(6)))),
                Arguments.of("no expiry", change(event -> event.setExpiresAt(null))),
                Arguments.of("expiry", change(event -> event.setExpiresAt(NOW.plusSeconds(5)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherContents")
    void otherContentHashesOtherwise(String what, NotificationRequested other) {
        assertThat(only(other).getContentHash()).isNotEqualTo(only(event()).getContentHash());
        assertThat(only(other).getNotificationId()).isEqualTo(only(event()).getNotificationId());
    }

    @Test
    void anotherIdentityIsAnotherNotification() {
        String id = only(event()).getNotificationId();
        assertThat(List.of(
                        only(change(event -> event.setTenant("other"))),
                        only(change(event -> event.setSource("other"))),
                        only(change(event -> event.setId("other"))),
                        only(change(event -> event.setRecipients(List.of("other"))))))
                .extracting(Notification::getNotificationId)
                .doesNotContain(id)
                .doesNotHaveDuplicates();
    }

    private static Arguments refusal(String why, Consumer<NotificationRequested> fault, String field) {
        return Arguments.of(why, change(fault), field);
    }

    private static NotificationRequested change(Consumer<NotificationRequested> change) {
        NotificationRequested event = event();
        change.accept(event);
        return event;
    }

    private static RefusedException refused(NotificationRequested event) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> NotificationIntake.expand(event, null, NOW));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static Notification only(NotificationRequested event) {
        List<Intake.Letter> letters = NotificationIntake.expand(event, null, NOW);
        assertThat(letters).hasSize(1);
        return (Notification) letters.get(0).body();
    }

    private static List<String> users(int count) {
        return IntStream.range(0, count).mapToObj(number -> "user-" + number).toList();
    }

    private static Map<String, String> values(int count, int length) {
        Map<String, String> values = new HashMap<>();
        Collections.nCopies(count, "x".repeat(length)).forEach(value -> values.put("n" + values.size(), value));
        return values;
    }

    private static NotificationRequested event() {
        return NotificationRequested.newBuilder()
                .setTenant("acme")
                .setSource("blog")
                .setId("e-1")
                .setRecipients(List.of("ann"))
                .setCategory("comment")
                .setActor("bob")
                .setData(Map.of("post", "1", "text", "hello"))
                .setChannels(List.of(Channel.INBOX, Channel.PUSH))
                .setLink("https://example.org/1")
                .setCollapseKey("post-1")
                .setObject("thread-1")
                .setCancelKey("cart-1")
                .setOccurredAt(NOW.minusSeconds(1))
                .setExpiresAt(NOW.plusSeconds(3_600))
                .build();
    }
}
