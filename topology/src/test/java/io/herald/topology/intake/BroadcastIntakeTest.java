package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.AttributeFilter;
import io.herald.schema.Broadcast;
import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.Channel;
import io.herald.schema.Pair;
import io.herald.schema.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BroadcastIntakeTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long DAY = 24 * 3_600_000;

    /** What is wrong, the broadcast, and the field that the refusal names. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no tenant", request -> request.setTenant(""), "tenant"),
                refusal("no source", request -> request.setSource(""), "source"),
                refusal("no id", request -> request.setId(""), "id"),
                refusal("an id too long", request -> request.setId("x".repeat(129)), "id"),
                refusal("no category", request -> request.setCategory(""), "category"),
                refusal("an empty topic", request -> request.setTopic(""), "topic"),
                refusal("a topic that begins with a slash", request -> request.setTopic("/sports"), "topic"),
                refusal("an actor too long", request -> request.setActor("x".repeat(129)), "actor"),
                refusal("a relative link", request -> request.setLink("/orders/1"), "link"),
                refusal("an object too long", request -> request.setObject("x".repeat(129)), "object"),
                refusal("a collapse key too long", request -> request.setCollapseKey("x".repeat(65)), "collapseKey"),
                refusal("filters without end", request -> request.setFilters(many(11, filter("gold"))), "filters"),
                refusal(
                        "a filter without a name",
                        request -> request.setFilters(List.of(new AttributeFilter("", List.of("gold")))),
                        "filters.name"),
                refusal("a filter for nothing", request -> request.setFilters(List.of(filter())), "filters.values"),
                refusal(
                        "a filter for too much",
                        request -> request.setFilters(List.of(new AttributeFilter("plan", many(51, "gold")))),
                        "filters.values"),
                refusal("an empty value", request -> request.setFilters(List.of(filter(""))), "filters.values"),
                refusal(
                        "a value too long",
                        request -> request.setFilters(List.of(filter("x".repeat(129)))),
                        "filters.values"),
                refusal("a datum too long", request -> request.setData(Map.of("x", "y".repeat(4_097))), "data.x"),
                refusal("no time at all", request -> request.setSpreadOverMs(0L), "spreadOverMs"),
                refusal("a spread too long", request -> request.setSpreadOverMs(DAY + 1), "spreadOverMs"),
                refusal(
                        "too far ahead",
                        request ->
                                request.setSendAt(NOW.plus(Duration.ofDays(28)).plusMillis(1)),
                        "sendAt"),
                refusal("over before it begins", request -> request.setExpiresAt(NOW.plusSeconds(60)), "expiresAt"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalNamesTheField(String why, BroadcastRequested request, String field) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> BroadcastIntake.request(request, NOW));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).isNotBlank();
    }

    @Test
    void saysWhatWasSaidInEveryPartition() {
        Intake.Letter letter = BroadcastIntake.request(aRequest(), NOW);
        assertThat(letter.user()).isNull();
        Broadcast broadcast = (Broadcast) letter.body();
        assertThat(broadcast)
                .isEqualTo(Broadcast.newBuilder()
                        .setTenant("acme")
                        .setSource("shop")
                        .setId("sale-1")
                        .setCategory("sale")
                        .setTopic("sports/football")
                        .setFilters(List.of(filter("gold", "silver")))
                        .setActor("bob")
                        .setData(List.of(new Pair("a", "first"), new Pair("z", "last")))
                        .setChannels(List.of(Channel.INBOX, Channel.PUSH))
                        .setLink("https://example.org/sale")
                        .setObject("sale")
                        .setCollapseKey("sale")
                        .setAcceptedAt(NOW)
                        .setExpiresAt(NOW.plusSeconds(7_200))
                        .setSendAt(NOW.plusSeconds(60))
                        .setSpreadOverMs(DAY)
                        .setContentHash(broadcast.getContentHash())
                        .build());
    }

    @Test
    void whatIsNotSaidIsLeftToTheRule() {
        Broadcast broadcast = taken(BroadcastRequested.newBuilder()
                .setTenant("acme")
                .setSource("shop")
                .setId("sale-1")
                .setCategory("sale")
                .build());
        assertThat(broadcast.getTopic()).isNull();
        assertThat(broadcast.getFilters()).isEmpty();
        assertThat(broadcast.getChannels()).isEmpty();
        assertThat(broadcast.getExpiresAt()).isNull();
        assertThat(broadcast.getSendAt()).isNull();
        assertThat(broadcast.getSpreadOverMs()).isNull();
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            2026-03-01T12:00:00Z, -,                        -,                    -,                    just now is now
            1970-01-01T00:00:00Z, -,                        -,                    -,                    the past is now
            2026-03-29T12:00:00Z, -,                        2026-03-29T12:00:00Z, -,                    as late as may be
            -,                    9999-12-31T23:59:59.999Z, -,                    2026-03-29T12:00:00Z, at most 28 days
            2026-03-29T12:00:00Z, 9999-12-31T23:59:59.999Z, 2026-03-29T12:00:00Z, 2026-04-26T12:00:00Z, 28 days after it begins
            """)
    void itsLifeBeginsWhenItIsToBeSent(
            Instant sendAt, Instant expiry, Instant willBeSentAt, Instant expiresAt, String why) {
        BroadcastRequested request = aRequest();
        request.setSendAt(sendAt);
        request.setExpiresAt(expiry);
        assertThat(taken(request).getSendAt()).isEqualTo(willBeSentAt);
        assertThat(taken(request).getExpiresAt()).isEqualTo(expiresAt);
    }

    @Test
    void listsMayBeAsLongAsTheyMay() {
        BroadcastRequested request = aRequest();
        request.setFilters(many(10, new AttributeFilter("plan", many(50, "😀".repeat(128)))));
        assertThat(taken(request).getFilters()).isEqualTo(request.getFilters());
    }

    @Test
    void aRepeatHasTheSameContentWheneverItComes() {
        BroadcastRequested repeat = aRequest();
        Map<String, String> otherOrder = new LinkedHashMap<>();
        otherOrder.put("z", "last");
        otherOrder.put("a", "first");
        repeat.setData(otherOrder);
        repeat.setChannels(List.of(Channel.INBOX, Channel.PUSH, Channel.PUSH));
        Broadcast later = (Broadcast)
                BroadcastIntake.request(repeat, NOW.plus(Duration.ofHours(20))).body();
        assertThat(later.getContentHash()).isEqualTo(taken(aRequest()).getContentHash());
    }

    static Stream<Arguments> otherContents() {
        return Stream.of(
                other("category", request -> request.setCategory("news")),
                other("topic", request -> request.setTopic("sports")),
                other("everyone", request -> request.setTopic(null)),
                other("filter", request -> request.setFilters(List.of(filter("gold")))),
                other("actor", request -> request.setActor(null)),
                other("data", request -> request.setData(Map.of("a", "first"))),
                other("channels", request -> request.setChannels(null)),
                other("link", request -> request.setLink(null)),
                other("object", request -> request.setObject(null)),
                other("collapse key", request -> request.setCollapseKey(null)),
                other("expiry", request -> request.setExpiresAt(null)),
                other("time", request -> request.setSendAt(null)),
                other("spread", request -> request.setSpreadOverMs(null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherContents")
    void otherContentHashesOtherwise(String what, BroadcastRequested other) {
        assertThat(taken(other).getContentHash()).isNotEqualTo(taken(aRequest()).getContentHash());
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource(textBlock = """
            acme, shop, sale-1, -,      as it should be
            '',   shop, sale-1, tenant, no tenant
            acme, '',   sale-1, source, no source
            acme, shop, '',     id,     no id
            """)
    void aControlNamesItsBroadcastInEveryPartition(String tenant, String source, String id, String field, String why) {
        BroadcastControlled control = new BroadcastControlled(tenant, source, id, BroadcastAction.PAUSE);
        if (field.equals("-")) {
            assertThat(BroadcastIntake.control(control)).isEqualTo(new Intake.Letter(null, control));
        } else {
            RefusedException refused =
                    catchThrowableOfType(RefusedException.class, () -> BroadcastIntake.control(control));
            assertThat(refused).isNotNull();
            assertThat(refused.field()).isEqualTo(field);
        }
    }

    private static Arguments refusal(String why, Consumer<BroadcastRequested> fault, String field) {
        return Arguments.of(why, change(fault), field);
    }

    private static Arguments other(String what, Consumer<BroadcastRequested> change) {
        return Arguments.of(what, change(change));
    }

    private static BroadcastRequested change(Consumer<BroadcastRequested> change) {
        BroadcastRequested request = aRequest();
        change.accept(request);
        return request;
    }

    private static Broadcast taken(BroadcastRequested request) {
        return (Broadcast) BroadcastIntake.request(request, NOW).body();
    }

    private static AttributeFilter filter(String... values) {
        return new AttributeFilter("plan", List.of(values));
    }

    private static <T> List<T> many(int count, T value) {
        return Collections.nCopies(count, value);
    }

    private static BroadcastRequested aRequest() {
        return BroadcastRequested.newBuilder()
                .setTenant("acme")
                .setSource("shop")
                .setId("sale-1")
                .setCategory("sale")
                .setTopic("sports/football")
                .setFilters(List.of(filter("gold", "silver")))
                .setActor("bob")
                .setData(Map.of("z", "la\0st", "a", "first"))
                .setChannels(List.of(Channel.PUSH, Channel.INBOX, Channel.PUSH))
                .setLink("https://example.org/sale")
                .setObject("sale")
                .setCollapseKey("sale")
                .setExpiresAt(NOW.plusSeconds(7_200))
                .setSendAt(NOW.plusSeconds(60))
                .setSpreadOverMs(DAY)
                .build();
    }
}
