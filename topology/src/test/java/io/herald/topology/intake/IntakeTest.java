package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.ActorBlock;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.Lane;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.TemplateChanged;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {
    private static final UserKey ANN = new UserKey("acme", "ann");
    private static final String LONG_NAME = "x".repeat(129);

    /** What is wrong, what is taken in, and the field that the refusal names. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                        preference("no tenant", change -> change.setTenant(""), "tenant"),
                        preference("no user", change -> change.setUser(" "), "user"),
                        preference("a user too long", change -> change.setUser(LONG_NAME), "user"),
                        preference("not a language", change -> change.setLocale("de_DE"), "locale"),
                        preference("a name too long", change -> change.setDisplayName("x".repeat(201)), "displayName"),
                        preference(
                                "switches without end",
                                change -> change.setOptOuts(
                                        Collections.nCopies(1_001, new OptOut(null, Channel.PUSH, true, null, null))),
                                "optOuts"),
                        preference(
                                "a category that none can have",
                                change -> change.setOptOuts(List.of(new OptOut("No Such", null, true, null, null))),
                                "optOuts.category"),
                        preference(
                                "blocks without end",
                                change -> change.setBlockedActors(
                                        Collections.nCopies(1_001, new ActorBlock("bob", true))),
                                "blockedActors"),
                        preference(
                                "an actor that none can be",
                                change -> change.setBlockedActors(List.of(new ActorBlock("b\0b", true))),
                                "blockedActors.actor"),
                        device("no tenant", change -> change.setTenant("Acme"), "tenant"),
                        device("no user", change -> change.setUser(""), "user"),
                        device("no device", change -> change.setDevice(""), "device"),
                        device("a device too long", change -> change.setDevice(LONG_NAME), "device"),
                        device("an empty token", change -> change.setToken(""), "token"),
                        device("a token too long", change -> change.setToken("x".repeat(4_097)), "token"),
                        device("a token with a break", change -> change.setToken("x\ny"), "token"),
                        device("no app", change -> change.setApp(""), "app"),
                        device("an app too long", change -> change.setApp("x".repeat(201)), "app"),
                        contact("no tenant", change -> change.setTenant("a/b"), "tenant"),
                        contact("no user", change -> change.setUser(""), "user"),
                        contact("no address", change -> change.setAddress(""), "address"),
                        contact("a number for a mail", change -> change.setAddress("+4917012345678"), "address"),
                        contact("a mail for a number", change -> change.setKind(ContactKind.SMS), "address"),
                        act("no tenant", change -> change.setTenant(""), "tenant"),
                        act("no user", change -> change.setUser(""), "user"),
                        act("no items", change -> change.setSeqs(List.of()), "seqs"),
                        act(
                                "items without end",
                                change -> change.setSeqs(
                                        LongStream.range(0, 101).boxed().toList()),
                                "seqs"),
                        act("a device too long", change -> change.setDevice(LONG_NAME), "device"),
                        presence("no tenant", change -> change.setTenant(""), "tenant"),
                        presence("no user", change -> change.setUser(""), "user"),
                        presence("no device", change -> change.setDevice(""), "device"),
                        presence(
                                "a connection too long",
                                change -> change.setConnectionId("x".repeat(65)),
                                "connectionId"),
                        presence("a gateway too long", change -> change.setGateway("x".repeat(65)), "gateway"),
                        template("no tenant", change -> change.setTenant(""), "tenant"),
                        template("no category", change -> change.setCategory(""), "category"),
                        template("an empty language", change -> change.setLocale(""), "locale"),
                        template("a title too long", change -> change.setTitle("x".repeat(1_001)), "title"),
                        template("a body too long", change -> change.setBody("x".repeat(16_385)), "body"),
                        template("html too long", change -> change.setHtml("x".repeat(65_537)), "html"),
                        template("no title", change -> change.setTitle(null), "title"),
                        template("no body", change -> change.setBody(null), "body"),
                        template("html for a push", change -> change.setChannel(Channel.PUSH), "html"),
                        template("a title that does not compile", change -> change.setTitle("{{#a}}"), "title"),
                        template("a body that does not compile", change -> change.setBody("{{/a}}"), "body"),
                        template("html that does not compile", change -> change.setHtml("{{{a}}"), "html"),
                        template("a partial", change -> change.setBody("{{>a}}"), "body"),
                        report("no tenant", change -> change.setTenant(""), "tenant"),
                        report("no user", change -> change.setUser(""), "user"),
                        report("no notification", change -> change.setNotificationId(""), "notificationId"),
                        report("an id too long", change -> change.setDeliveryId("x".repeat(65)), "deliveryId"),
                        report("no delivery", change -> change.setDelivery(null), "delivery"),
                        report("another delivery", change -> change.setDeliveryId("d-2"), "delivery"),
                        report("a wait into the past", change -> change.setRetryAfterMs(-1L), "retryAfterMs"))
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
        assertThat(Intake.preference(aPreference())).isEqualTo(new Intake.Letter(ANN, aPreference()));
        assertThat(Intake.device(aDevice())).isEqualTo(new Intake.Letter(ANN, aDevice()));
        assertThat(Intake.contact(aContact())).isEqualTo(new Intake.Letter(ANN, aContact()));
        assertThat(Intake.inboxAct(anAct())).isEqualTo(new Intake.Letter(ANN, anAct()));
        assertThat(Intake.presence(aPresence())).isEqualTo(new Intake.Letter(ANN, aPresence()));
        assertThat(Intake.report(aReport())).isEqualTo(new Intake.Letter(ANN, aReport()));
    }

    @Test
    void aTemplateGoesToEveryone() {
        assertThat(Intake.template(aTemplate())).isEqualTo(new Intake.Letter(null, aTemplate()));
    }

    @Test
    void listsAndTextsMayBeAsLongAsTheyMay() {
        PreferenceChanged preference = aPreference();
        preference.setOptOuts(Collections.nCopies(1_000, new OptOut("x".repeat(64), Channel.PUSH, true, null, null)));
        preference.setBlockedActors(Collections.nCopies(1_000, new ActorBlock("x".repeat(128), true)));
        preference.setDisplayName("😀".repeat(200));
        assertThat(Intake.preference(preference).body()).isEqualTo(preference);

        TemplateChanged template = aTemplate();
        template.setTitle("x".repeat(1_000));
        template.setBody("x".repeat(16_384));
        template.setHtml("x".repeat(65_536));
        assertThat(Intake.template(template).body()).isEqualTo(template);

        InboxActed act = anAct();
        act.setSeqs(LongStream.range(0, 100).boxed().toList());
        assertThat(Intake.inboxAct(act).body()).isEqualTo(act);
    }

    @Test
    void textsAreCleanedAndLocalesTakeTheirForm() {
        PreferenceChanged preference = aPreference();
        preference.setDisplayName("A\0nn\n\u202ELee");
        preference.setLocale("pt-br");
        PreferenceChanged taken =
                (PreferenceChanged) Intake.preference(preference).body();
        assertThat(taken.getDisplayName()).isEqualTo("Ann Lee");
        assertThat(taken.getLocale()).isEqualTo("pt-BR");

        TemplateChanged template = aTemplate();
        template.setLocale("DE");
        template.setBody("a\0\nb");
        TemplateChanged takenTemplate =
                (TemplateChanged) Intake.template(template).body();
        assertThat(takenTemplate.getLocale()).isEqualTo("de");
        assertThat(takenTemplate.getBody()).isEqualTo("a\nb");
    }

    @Test
    void anAbsentAddressOrTokenIsARemoval() {
        ContactChanged contact = aContact();
        contact.setAddress(null);
        assertThat(Intake.contact(contact).body()).isEqualTo(contact);
        DeviceChanged device = aDevice();
        device.setToken(null);
        assertThat(Intake.device(device).body()).isEqualTo(device);
        TemplateChanged template = aTemplate();
        template.setTitle(null);
        template.setBody(null);
        template.setHtml(null);
        assertThat(Intake.template(template).body()).isEqualTo(template);
    }

    @Test
    void anActMayGoByAWatermarkAlone() {
        InboxActed act = anAct();
        act.setSeqs(List.of());
        act.setUpToSeq(Long.MAX_VALUE);
        assertThat(Intake.inboxAct(act).body()).isEqualTo(act);
    }

    @ParameterizedTest
    @EnumSource(ReportedOutcome.class)
    void onlyAcceptedGoesWithoutItsDelivery(ReportedOutcome outcome) {
        DeliveryReported report = aReport();
        report.setOutcome(outcome);
        report.setDelivery(null);
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> Intake.report(report));
        assertThat(refused == null).isEqualTo(outcome == ReportedOutcome.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE})
    void aProviderMayAskForAnyWait(long wait) {
        DeliveryReported report = aReport();
        report.setRetryAfterMs(wait);
        assertThat(Intake.report(report).body()).isEqualTo(report);
    }

    @Test
    void whatAProviderSaysIsShortenedAndNotRefused() {
        DeliveryReported report = aReport();
        report.setReason("Bad\0\nDevice" + "😀".repeat(300));
        report.setProviderId("😀".repeat(200));
        DeliveryReported taken = (DeliveryReported) Intake.report(report).body();
        assertThat(taken.getReason()).isEqualTo("Bad Device" + "😀".repeat(190));
        assertThat(taken.getProviderId()).isEqualTo("😀".repeat(200));
    }

    private static Arguments[] preference(String why, Consumer<PreferenceChanged> fault, String field) {
        PreferenceChanged change = aPreference();
        fault.accept(change);
        return refusal("preference: " + why, () -> Intake.preference(change), field);
    }

    private static Arguments[] device(String why, Consumer<DeviceChanged> fault, String field) {
        DeviceChanged change = aDevice();
        fault.accept(change);
        return refusal("device: " + why, () -> Intake.device(change), field);
    }

    private static Arguments[] contact(String why, Consumer<ContactChanged> fault, String field) {
        ContactChanged change = aContact();
        fault.accept(change);
        return refusal("contact: " + why, () -> Intake.contact(change), field);
    }

    private static Arguments[] act(String why, Consumer<InboxActed> fault, String field) {
        InboxActed change = anAct();
        fault.accept(change);
        return refusal("inbox act: " + why, () -> Intake.inboxAct(change), field);
    }

    private static Arguments[] presence(String why, Consumer<PresenceChanged> fault, String field) {
        PresenceChanged change = aPresence();
        fault.accept(change);
        return refusal("presence: " + why, () -> Intake.presence(change), field);
    }

    private static Arguments[] template(String why, Consumer<TemplateChanged> fault, String field) {
        TemplateChanged change = aTemplate();
        fault.accept(change);
        return refusal("template: " + why, () -> Intake.template(change), field);
    }

    private static Arguments[] report(String why, Consumer<DeliveryReported> fault, String field) {
        DeliveryReported change = aReport();
        fault.accept(change);
        return refusal("report: " + why, () -> Intake.report(change), field);
    }

    private static Arguments[] refusal(String why, Runnable take, String field) {
        return new Arguments[] {Arguments.of(why, take, field)};
    }

    private static PreferenceChanged aPreference() {
        return PreferenceChanged.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setOptOuts(List.of(new OptOut("comment", Channel.EMAIL, true, null, null)))
                .setBlockedActors(List.of(new ActorBlock("bob", true)))
                .setLocale("de")
                .setDisplayName("Ann")
                .build();
    }

    private static DeviceChanged aDevice() {
        return new DeviceChanged(
                "acme", "ann", "phone", Platform.APNS, "token", "org.example.app", Environment.PRODUCTION);
    }

    private static ContactChanged aContact() {
        return new ContactChanged("acme", "ann", ContactKind.EMAIL, "ann@example.org");
    }

    private static InboxActed anAct() {
        return new InboxActed("acme", "ann", InboxAct.READ, List.of(1L), null, "phone", Instant.EPOCH);
    }

    private static PresenceChanged aPresence() {
        return new PresenceChanged("acme", "ann", "phone", "c-1", "g-1", PresenceState.CONNECTED, Instant.EPOCH);
    }

    private static TemplateChanged aTemplate() {
        return new TemplateChanged(
                "acme", "comment", Channel.EMAIL, "en", "{{actor}} wrote", "{{text}}", "<p>{{text}}</p>");
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
