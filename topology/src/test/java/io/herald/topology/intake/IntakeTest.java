package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Channel;
import io.herald.schema.Checkpoint;
import io.herald.schema.CheckpointRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Hash16;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.Platform;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Reason;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenMoved;
import io.herald.schema.UserErased;
import io.herald.topology.address.TokenKey;
import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IntakeTest {
    private static final UserKey ANN = new UserKey("acme", "ann");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String LONG_NAME = "x".repeat(129);

    /** What is wrong, what is taken in, and the field that the refusal names. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                        device("no tenant", change -> change.setTenant("Acme"), "tenant"),
                        device("no user", change -> change.setUser(""), "user"),
                        device("no device", change -> change.setDevice(""), "device"),
                        device("a device too long", change -> change.setDevice(LONG_NAME), "device"),
                        device("an empty token", change -> change.setToken(""), "token"),
                        device("a token too long", change -> change.setToken("x".repeat(4_097)), "token"),
                        device("a token with a break", change -> change.setToken("x\ny"), "token"),
                        device("no app", change -> change.setApp(""), "app"),
                        device("a browser's token", change -> change.setPlatform(Platform.WEBPUSH), "token"),
                        device("an app too long", change -> change.setApp("x".repeat(201)), "app"),
                        moved("no tenant", change -> change.setTenant(""), "tenant"),
                        moved("no user", change -> change.setUser(""), "user"),
                        moved("no device", change -> change.setDevice(""), "device"),
                        contact("no tenant", change -> change.setTenant("a/b"), "tenant"),
                        contact("no user", change -> change.setUser(""), "user"),
                        contact("no address", change -> change.setAddress(""), "address"),
                        contact("a number for a mail", change -> change.setAddress("+4917012345678"), "address"),
                        contact("a mail for a number", change -> change.setKind(ContactKind.SMS), "address"),
                        subscription("no tenant", change -> change.setTenant(""), "tenant"),
                        subscription("no user", change -> change.setUser(""), "user"),
                        subscription("no topic", change -> change.setTopic(""), "topic"),
                        subscription("a topic that ends", change -> change.setTopic("sports/"), "topic"),
                        erasure("no tenant", change -> change.setTenant(""), "tenant"),
                        erasure("no user", change -> change.setUser(""), "user"),
                        checkpoint("no id", change -> change.setId(""), "id"),
                        checkpoint("an id that no file can have", change -> change.setId("a/b"), "id"),
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
                        template("a title that is always cut off", change -> change.setTitle("x".repeat(201)), "title"),
                        template(
                                "a push that is always cut off",
                                change -> {
                                    change.setChannel(Channel.PUSH);
                                    change.setHtml(null);
                                    change.setBody("x".repeat(1_001) + "{{text}}");
                                },
                                "body"),
                        template("a partial", change -> change.setBody("{{>a}}"), "body"))
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
        assertThat(Intake.contact(aContact())).isEqualTo(new Intake.Letter(ANN, aContact()));
        assertThat(Intake.subscription(aSubscription())).isEqualTo(new Intake.Letter(ANN, aSubscription()));
        assertThat(Intake.erasure(anErasure())).isEqualTo(new Intake.Letter(ANN, anErasure()));
        assertThat(Intake.tokenMoved(aTokenMoved())).isEqualTo(new Intake.Letter(ANN, aTokenMoved()));
        assertThat(Intake.inboxAct(anAct())).isEqualTo(new Intake.Letter(ANN, anAct()));
        assertThat(Intake.presence(aPresence())).isEqualTo(new Intake.Letter(ANN, aPresence()));
    }

    @Test
    void whatIsForAllGoesToEveryPartition() {
        assertThat(Intake.template(aTemplate())).isEqualTo(new Intake.Letter(null, aTemplate()));
        assertThat(Intake.checkpoint(new CheckpointRequested("nightly-1")))
                .isEqualTo(new Intake.Letter(null, new Checkpoint("nightly-1")));
    }

    @Test
    void aTokenIsClaimedInThePartitionOfTheToken() {
        Hash16 token = Ids.hash("token");
        assertThat(Intake.device(aDevice(), NOW))
                .containsExactly(
                        new Intake.Letter(ANN, aDevice()),
                        new Intake.Letter(TokenKey.of(token), new TokenClaimed(token, "acme", "ann", "phone", NOW)));
    }

    @Test
    void listsAndTextsMayBeAsLongAsTheyMay() {
        TemplateChanged template = aTemplate();
        template.setTitle("x".repeat(200) + "{{text}}".repeat(100));
        template.setBody("x".repeat(16_384));
        template.setHtml("x".repeat(65_536));
        assertThat(Intake.template(template).body()).isEqualTo(template);

        InboxActed act = anAct();
        act.setSeqs(LongStream.range(0, 100).boxed().toList());
        assertThat(Intake.inboxAct(act).body()).isEqualTo(act);
    }

    @Test
    void textsAreCleanedAndLocalesTakeTheirForm() {
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
        assertThat(Intake.device(device, NOW)).containsExactly(new Intake.Letter(ANN, device));
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

    private static Arguments[] device(String why, Consumer<DeviceChanged> fault, String field) {
        DeviceChanged change = aDevice();
        fault.accept(change);
        return refusal("device: " + why, () -> Intake.device(change, NOW), field);
    }

    private static Arguments[] contact(String why, Consumer<ContactChanged> fault, String field) {
        ContactChanged change = aContact();
        fault.accept(change);
        return refusal("contact: " + why, () -> Intake.contact(change), field);
    }

    private static Arguments[] moved(String why, Consumer<TokenMoved> fault, String field) {
        TokenMoved change = aTokenMoved();
        fault.accept(change);
        return refusal("moved: " + why, () -> Intake.tokenMoved(change), field);
    }

    private static Arguments[] subscription(String why, Consumer<SubscriptionChanged> fault, String field) {
        SubscriptionChanged change = aSubscription();
        fault.accept(change);
        return refusal("subscription: " + why, () -> Intake.subscription(change), field);
    }

    private static Arguments[] erasure(String why, Consumer<UserErased> fault, String field) {
        UserErased change = anErasure();
        fault.accept(change);
        return refusal("erasure: " + why, () -> Intake.erasure(change), field);
    }

    private static Arguments[] checkpoint(String why, Consumer<CheckpointRequested> fault, String field) {
        CheckpointRequested change = new CheckpointRequested("nightly-1");
        fault.accept(change);
        return refusal("checkpoint: " + why, () -> Intake.checkpoint(change), field);
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

    private static Arguments[] refusal(String why, Runnable take, String field) {
        return new Arguments[] {Arguments.of(why, take, field)};
    }

    private static DeviceChanged aDevice() {
        return new DeviceChanged(
                "acme", "ann", "phone", Platform.APNS, "token", "org.example.app", Environment.PRODUCTION);
    }

    private static ContactChanged aContact() {
        return new ContactChanged("acme", "ann", ContactKind.EMAIL, "ann@example.org");
    }

    private static SubscriptionChanged aSubscription() {
        return new SubscriptionChanged("acme", "ann", "sports/football", true);
    }

    private static UserErased anErasure() {
        return new UserErased("acme", "ann");
    }

    private static TokenMoved aTokenMoved() {
        return new TokenMoved("acme", "ann", "phone", Ids.hash("token"), NOW);
    }

    private static InboxActed anAct() {
        return new InboxActed("acme", "ann", InboxAct.READ, List.of(1L), null, "phone", Instant.EPOCH);
    }

    private static PresenceChanged aPresence() {
        return new PresenceChanged("acme", "ann", "phone", "c-1", "g-1", PresenceState.CONNECTED, Instant.EPOCH, null);
    }

    private static TemplateChanged aTemplate() {
        return new TemplateChanged(
                "acme", "comment", Channel.EMAIL, "en", "{{actor}} wrote", "{{text}}", "<p>{{text}}</p>");
    }
}
