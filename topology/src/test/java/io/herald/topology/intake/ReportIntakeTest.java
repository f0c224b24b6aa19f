package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Reason;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportIntakeTest {
    private static final UserKey ANN = new UserKey("acme", "ann");

    /** What is wrong, what is taken in, and the field that the refusal names. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                        report("no tenant", change -> change.setTenant(""), "tenant"),
                        report("no user", change -> change.setUser(""), "user"),
                        report("no notification", change -> change.setNotificationId(""), "notificationId"),
                        report("an id too long", change -> change.setDeliveryId("x".repeat(65)), "deliveryId"),
                        report("no delivery", change -> change.setDelivery(null), "delivery"),
                        report("another delivery", change -> change.setDeliveryId("d-2"), "delivery"),
                        report("a wait into the past", change -> change.setRetryAfterMs(-1L), "retryAfterMs"),
                        report("an answer before the question", change -> change.setTookMs(-1L), "tookMs"),
                        receipt("no tenant", change -> change.setTenant(""), "tenant"),
                        receipt("no user", change -> change.setUser(""), "user"),
                        receipt("no notification", change -> change.setNotificationId(""), "notificationId"),
                        receipt("an id too long", change -> change.setDeliveryId("x".repeat(65)), "deliveryId"),
                        address("no tenant", change -> change.setTenant(""), "tenant"),
                        address("no user", change -> change.setUser(""), "user"),
                        address("no address at all", change -> change.setAddress(null), "address"),
                        address("an address and its id", change -> change.setAddressId("a-1"), "addressId"),
                        address("an id too long", change -> change.setAddressId("x".repeat(65)), "addressId"),
                        address("not an address", change -> change.setAddress("ann"), "address"),
                        address("a number for a mail", change -> change.setAddress("+4917012345678"), "address"),
                        address("STOP by mail", change -> change.setEvent(AddressEvent.STOP), "event"),
                        address("START by mail", change -> change.setEvent(AddressEvent.START), "event"),
                        socket("no tenant", change -> change.setTenant(""), "tenant"),
                        socket("no user", change -> change.setUser(""), "user"),
                        socket("no notification", change -> change.setNotificationId(""), "notificationId"),
                        socket("an id too long", change -> change.setNotificationId("x".repeat(65)), "notificationId"),
                        socket("no gateway", change -> change.setGateway(""), "gateway"),
                        socket("a gateway too long", change -> change.setGateway("x".repeat(65)), "gateway"))
                .flatMap(Stream::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalNamesTheField(String why, Runnable take, String field) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, take::run);
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).isNotBlank();
    }

    @Test
    void whatIsRightGoesToItsUser() {
        assertThat(ReportIntake.report(aReport())).isEqualTo(new Intake.Letter(ANN, aReport()));
        assertThat(ReportIntake.address(anAddressReport())).isEqualTo(new Intake.Letter(ANN, anAddressReport()));
        assertThat(ReportIntake.receipt(aReceipt())).isEqualTo(new Intake.Letter(ANN, aReceipt()));
        assertThat(ReportIntake.socket(aSocketReport())).isEqualTo(new Intake.Letter(ANN, aSocketReport()));
    }

    @Test
    void aReplyToAMessageTurnsItOff() {
        AddressReported report = anAddressReport();
        report.setKind(ContactKind.SMS);
        report.setAddress("+4917012345678");
        report.setEvent(AddressEvent.STOP);
        assertThat(ReportIntake.address(report).body()).isEqualTo(report);
    }

    @Test
    void anAddressMayBeNamedByItsId() {
        AddressReported report = anAddressReport();
        report.setAddress(null);
        report.setAddressId("a-1");
        assertThat(ReportIntake.address(report).body()).isEqualTo(report);
    }

    @ParameterizedTest
    @EnumSource(ReportedOutcome.class)
    void onlyAcceptedGoesWithoutItsDelivery(ReportedOutcome outcome) {
        DeliveryReported report = aReport();
        report.setOutcome(outcome);
        report.setDelivery(null);
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> ReportIntake.report(report));
        assertThat(refused == null).isEqualTo(outcome == ReportedOutcome.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE})
    void aProviderMayAskForAnyWait(long wait) {
        DeliveryReported report = aReport();
        report.setRetryAfterMs(wait);
        assertThat(ReportIntake.report(report).body()).isEqualTo(report);
    }

    @Test
    void whatAProviderSaysIsShortenedAndNotRefused() {
        DeliveryReported report = aReport();
        report.setReason("Bad\0\nDevice" + "😀".repeat(300));
        report.setProviderId("😀".repeat(200));
        DeliveryReported taken = (DeliveryReported) ReportIntake.report(report).body();
        assertThat(taken.getReason()).isEqualTo("Bad Device" + "😀".repeat(190));
        assertThat(taken.getProviderId()).isEqualTo("😀".repeat(200));

        AddressReported bounce = anAddressReport();
        bounce.setDetail("550\0\nno such user" + "x".repeat(300));
        AddressReported takenBounce =
                (AddressReported) ReportIntake.address(bounce).body();
        assertThat(takenBounce.getDetail()).startsWith("550 no such user").hasSize(200);

        ReceiptReported receipt = aReceipt();
        receipt.setDetail("30007\n" + "x".repeat(300));
        ReceiptReported takenReceipt =
                (ReceiptReported) ReportIntake.receipt(receipt).body();
        assertThat(takenReceipt.getDetail()).startsWith("30007 x").hasSize(200);
    }

    private static Arguments[] address(String why, Consumer<AddressReported> fault, String field) {
        AddressReported change = anAddressReport();
        fault.accept(change);
        return refusal("address: " + why, () -> ReportIntake.address(change), field);
    }

    private static Arguments[] socket(String why, Consumer<SocketReported> fault, String field) {
        SocketReported change = aSocketReport();
        fault.accept(change);
        return refusal("socket: " + why, () -> ReportIntake.socket(change), field);
    }

    private static Arguments[] receipt(String why, Consumer<ReceiptReported> fault, String field) {
        ReceiptReported change = aReceipt();
        fault.accept(change);
        return refusal("receipt: " + why, () -> ReportIntake.receipt(change), field);
    }

    private static Arguments[] report(String why, Consumer<DeliveryReported> fault, String field) {
        DeliveryReported change = aReport();
        fault.accept(change);
        return refusal("report: " + why, () -> ReportIntake.report(change), field);
    }

    private static Arguments[] refusal(String why, Runnable take, String field) {
        return new Arguments[] {Arguments.of(why, take, field)};
    }

    private static AddressReported anAddressReport() {
        return new AddressReported(
                "acme",
                "ann",
                ContactKind.EMAIL,
                null,
                "ann@example.org",
                AddressEvent.HARD_BOUNCE,
                "550 no such user");
    }

    private static ReceiptReported aReceipt() {
        return new ReceiptReported("acme", "ann", "n-1", "d-1", Route.SMS, Receipt.UNDELIVERED, "30007", Instant.EPOCH);
    }

    private static SocketReported aSocketReport() {
        return new SocketReported("acme", "ann", "n-1", "g-1", SocketOutcome.SHOWN);
    }

    private static DeliveryReported aReport() {
        return DeliveryReported.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setDeliveryId("d-1")
                .setAttempt(1)
                .setRoute(Route.APNS)
                .setOutcome(ReportedOutcome.RETRY)
                .setReason("TooManyRequests")
                .setReportedAt(Instant.EPOCH)
                .setDelivery(Delivery.newBuilder()
                        .setTenant("acme")
                        .setUser("ann")
                        .setNotificationId("n-1")
                        .setDeliveryId("d-1")
                        .setAttempt(1)
                        .setFailures(0)
                        .setLane(Lane.URGENT)
                        .setRoute(Route.APNS)
                        .setCategory("comment")
                        .setAddress("token")
                        .setAddressId("phone")
                        .setAddressSince(Instant.EPOCH)
                        .setEnvironment(Environment.PRODUCTION)
                        .setTitle("t")
                        .setBody("b")
                        .setDecidedAt(Instant.EPOCH)
                        .setExpiresAt(Instant.EPOCH)
                        .setValidUntil(Instant.EPOCH)
                        .build())
                .build();
    }
}
