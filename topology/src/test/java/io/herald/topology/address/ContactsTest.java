package io.herald.topology.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.Channel;
import io.herald.schema.Contact;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.topology.feedback.Suppressions;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that are no devices: mail, numbers, webhooks. */
class ContactsTest {
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");
    private static final Profile NEW = Profile.newBuilder().setVersion(0).build();

    /** Ann has given a number and a webhook at 12:00; a provider says that an address is gone. */
    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            SMS,     +4917012345678,           12:00:00, -,        SUPPRESSED, nobody has that number
            SMS,     +4917012345678,           11:00:00, 13:00:00, SUPPRESSED, gone since it was given
            SMS,     +4917012345678,           11:00:00, -,        -,          given again after it was sent to
            SMS,     +4917012345678,           12:00:00, 11:59:59, -,          given again after it was gone
            SMS,     +4917099999999,           12:00:00, -,        -,          she has another number by now
            WEBHOOK, https://a.example.org/in, 12:00:00, -,        SUPPRESSED, nothing listens there
            WEBHOOK, https://b.example.org/in, 12:00:00, -,        -,          she has another webhook by now
            """)
    void aContactThatIsGoneIsSuppressedUntilItIsGivenAnew(
            Route route, String address, String since, String asOf, Reason none, String why) {
        ContactKind kind = route == Route.SMS ? ContactKind.SMS : ContactKind.WEBHOOK;
        Profile profile = Addresses.apply(NEW, contact(ContactKind.SMS, "+4917012345678"), THEN);
        profile = Addresses.apply(profile, contact(ContactKind.WEBHOOK, "https://a.example.org/in"), THEN);
        Delivery gone = Delivery.newBuilder(delivery(Ids.address("acme", address), address, at(since)))
                .setRoute(route)
                .build();
        Profile after = Addresses.pruned(profile, gone, asOf == null ? null : at(asOf), THEN)
                .orElse(profile);
        assertThat(Addresses.on(Addresses.channel(route), "acme", after, false, THEN)
                        .none())
                .isEqualTo(none);
        assertThat(after.getContacts()).as("it is kept").isEqualTo(profile.getContacts());
        Profile removed = Addresses.apply(after, contact(kind, null), THEN);
        Profile anew = Addresses.apply(removed, contact(kind, address), THEN);
        assertThat(Addresses.on(Addresses.channel(route), "acme", anew, false, THEN)
                        .addresses())
                .as("given anew")
                .extracting(Address::value)
                .containsExactly(address);
    }

    @Test
    void aContactIsSetReplacedAndRemoved() {
        Profile mail = Addresses.apply(NEW, contact(ContactKind.EMAIL, "a@example.org"), THEN);
        Profile both = Addresses.apply(mail, contact(ContactKind.SMS, "+4917012345678"), THEN);
        Profile other = Addresses.apply(both, contact(ContactKind.EMAIL, "b@example.org"), THEN.plusSeconds(1));
        assertThat(other.getContacts())
                .containsExactly(
                        new Contact(ContactKind.EMAIL, "b@example.org", THEN.plusSeconds(1)),
                        new Contact(ContactKind.SMS, "+4917012345678", THEN));
        Profile none = Addresses.apply(other, contact(ContactKind.EMAIL, null), THEN);
        assertThat(none.getContacts()).extracting(Contact::getKind).containsExactly(ContactKind.SMS);
        assertThat(none.getVersion()).isEqualTo(4);
        assertThat(mail.getContacts()).as("the profile given").hasSize(1);
    }

    @Test
    void mailGoesToTheAddressUnderAnIdThatDoesNotTellIt() {
        Profile profile = Addresses.apply(NEW, contact(ContactKind.EMAIL, "ann@example.org"), THEN);
        List<Address> addresses =
                Addresses.on(Channel.EMAIL, "acme", profile, true, THEN).addresses();
        assertThat(addresses)
                .containsExactly(new Address(
                        Route.EMAIL,
                        Ids.address("acme", "ann@example.org"),
                        "ann@example.org",
                        THEN,
                        null,
                        Environment.PRODUCTION));
        assertThat(addresses.get(0).id()).doesNotContain("ann");
    }

    @Test
    void webhooksAndChatsAreOneChannelAndSayWhichTheyAre() {
        Profile profile = NEW;
        for (ContactKind kind : List.of(ContactKind.TEAMS, ContactKind.WEBHOOK, ContactKind.SLACK)) {
            profile = Addresses.apply(profile, contact(kind, "https://example.org/" + kind), THEN);
        }
        assertThat(Addresses.on(Channel.WEBHOOK, "acme", profile, true, THEN).addresses())
                .extracting(Address::route, Address::app, Address::value)
                .containsExactly(
                        tuple(Route.WEBHOOK, "WEBHOOK", "https://example.org/WEBHOOK"),
                        tuple(Route.WEBHOOK, "SLACK", "https://example.org/SLACK"),
                        tuple(Route.WEBHOOK, "TEAMS", "https://example.org/TEAMS"));
        assertThat(Addresses.on(Channel.EMAIL, "acme", profile, true, THEN).none())
                .isEqualTo(Reason.NO_ADDRESS);
    }

    @Test
    void anUrlIsOfTheKindThatItWasGivenAsLast() {
        Profile first = Addresses.apply(NEW, contact(ContactKind.WEBHOOK, "https://example.org/1"), THEN);
        Profile put = Addresses.apply(first, contact(ContactKind.SLACK, "https://example.org/1"), THEN.plusSeconds(1));
        assertThat(put.getContacts())
                .containsExactly(new Contact(ContactKind.SLACK, "https://example.org/1", THEN.plusSeconds(1)));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            a@example.org,                 HARD_BOUNCE, SUPPRESSED, a nightly export says what is known
            - a@example.org,               HARD_BOUNCE, -,          taken out and given anew
            b@example.org a@example.org,   HARD_BOUNCE, -,          another in between
            b@example.org,                 HARD_BOUNCE, -,          another
            b@example.org a@example.org,   COMPLAINT,   SUPPRESSED, a complaint is about us and not the address
            """)
    void anAddressGivenAnewIsUsedThoughItBounced(String given, AddressEvent event, Reason none, String why) {
        Profile profile = suppressed(
                Addresses.apply(NEW, contact(ContactKind.EMAIL, "a@example.org"), THEN), ContactKind.EMAIL, event);
        long version = profile.getVersion();
        for (String address : given.split(" ", -1)) {
            profile = Addresses.apply(
                    profile, contact(ContactKind.EMAIL, address.equals("-") ? null : address), THEN.plusSeconds(60));
            assertThat(profile.getVersion()).isEqualTo(++version);
        }
        assertThat(Addresses.on(Channel.EMAIL, "acme", profile, true, THEN).none())
                .isEqualTo(none);
    }

    private static ContactChanged contact(ContactKind kind, String address) {
        return new ContactChanged("acme", "ann", kind, address);
    }

    private static Profile suppressed(Profile profile, ContactKind kind, AddressEvent event) {
        String id = Ids.address(
                "acme",
                switch (kind) {
                    case EMAIL -> "a@example.org";
                    case SMS -> "+4917012345678";
                    case WEBHOOK, SLACK, TEAMS -> "https://a.example.org/in";
                });
        return Suppressions.apply(
                        profile, new AddressReported("acme", "ann", kind, id, null, event, null), "acme", THEN)
                .orElse(profile);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + "Z");
    }

    private static Delivery delivery(String device, String token, Instant since) {
        return Delivery.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setDeliveryId("d-1")
                .setAttempt(1)
                .setFailures(0)
                .setLane(Lane.URGENT)
                .setRoute(Route.APNS)
                .setCategory("comment")
                .setAddress(token)
                .setAddressId(device)
                .setAddressSince(since)
                .setEnvironment(Environment.PRODUCTION)
                .setTitle("t")
                .setBody("b")
                .setDecidedAt(THEN)
                .setExpiresAt(THEN)
                .setValidUntil(THEN)
                .build();
    }
}
