package io.herald.topology.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Contact;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Device;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Platform;
import io.herald.schema.Profile;
import io.herald.schema.Route;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");
    private static final Profile NEW = Profile.newBuilder().setVersion(0).build();

    /** The device holds a token since 12:00; a provider says that a token is gone. */
    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            phone,  token-1, 12:00:00, -,            true,  PUSH, the provider does not say since when
            phone,  token-1, 11:00:00, -,            false, registered again after it was sent to
            phone,  token-1, 12:00:00, 12:00:00.001, true,  PUSH, gone since then
            phone,  token-1, 11:00:00, 13:00:00,     true,  PUSH, gone since it was registered again
            phone,  token-1, 12:00:00, 12:00:00,     false, registered at that very moment
            phone,  token-1, 11:00:00, 11:59:59,     false, registered again after it was gone
            phone,  token-0, 11:00:00, 13:00:00,     false, the device has another token by now
            phone,  token-0, 12:00:00, -,            false, the device has another token by now
            tablet, token-1, 12:00:00, 13:00:00,     false, another device
            """)
    void onlyTheTokenThatWasRefusedIsForgotten(
            String device, String token, String since, String asOf, boolean pruned, String why) {
        Profile profile = withDevices(device("phone", "token-1", THEN), device("watch", "token-2", THEN));
        Optional<Profile> after =
                Addresses.pruned(profile, delivery(device, token, at(since)), asOf == null ? null : at(asOf));
        assertThat(after.isPresent()).isEqualTo(pruned);
        after.ifPresent(left -> {
            assertThat(left.getDevices()).containsExactly(device("watch", "token-2", THEN));
            assertThat(left.getVersion()).isEqualTo(profile.getVersion() + 1);
        });
        assertThat(profile.getDevices()).as("the profile given").hasSize(2);
    }

    @Test
    void aUserWithoutDevicesHasNoneToForget() {
        assertThat(Addresses.pruned(NEW, delivery("phone", "token-1", THEN), THEN))
                .isEmpty();
    }

    @Test
    void aDeviceIsRegisteredRenewedAndGone() {
        Profile registered = Addresses.apply(NEW, change("phone", "token-1"), THEN);
        assertThat(registered.getDevices()).containsExactly(device("phone", "token-1", THEN));
        assertThat(registered.getVersion()).isEqualTo(1);
        Profile renewed = Addresses.apply(registered, change("phone", "token-2"), THEN.plusSeconds(60));
        assertThat(renewed.getDevices()).containsExactly(device("phone", "token-2", THEN.plusSeconds(60)));
        Profile gone = Addresses.apply(renewed, change("phone", null), THEN.plusSeconds(120));
        assertThat(gone.getDevices()).isEmpty();
        assertThat(gone.getVersion()).isEqualTo(3);
        assertThat(registered.getDevices()).as("the profile given").hasSize(1);
    }

    @Test
    void registeringTheSameTokenAgainSaysThatItIsStillThere() {
        Profile once = Addresses.apply(NEW, change("phone", "token-1"), THEN);
        Profile twice = Addresses.apply(once, change("phone", "token-1"), THEN.plusSeconds(60));
        assertThat(twice.getDevices()).containsExactly(device("phone", "token-1", THEN.plusSeconds(60)));
    }

    @Test
    void theFiftyFirstDeviceCostsTheOldestToken() {
        Profile profile = NEW;
        for (int number = 0; number < Addresses.MOST_DEVICES; number++) {
            profile = Addresses.apply(profile, change("d-%02d".formatted(number), "t"), THEN.plusSeconds(number));
        }
        Profile renewed = Addresses.apply(profile, change("d-00", "t"), THEN.plusSeconds(100));
        assertThat(renewed.getDevices()).hasSize(Addresses.MOST_DEVICES);
        Profile one = Addresses.apply(renewed, change("new", "t"), THEN.plusSeconds(101));
        assertThat(one.getDevices())
                .hasSize(Addresses.MOST_DEVICES)
                .extracting(Device::getDevice)
                .contains("new", "d-00")
                .doesNotContain("d-01");
    }

    @Test
    void aNewDeviceStaysThoughAllCameInTheSameMoment() {
        Profile profile = NEW;
        for (int number = 0; number <= Addresses.MOST_DEVICES; number++) {
            profile = Addresses.apply(profile, change("d-%02d".formatted(99 - number), "t"), THEN);
        }
        assertThat(profile.getDevices())
                .hasSize(Addresses.MOST_DEVICES)
                .extracting(Device::getDevice)
                .contains("d-49");
    }

    @Property(tries = 200)
    void devicesAreSortedDistinctAndTheNewest(@ForAll @Size(max = 120) List<@IntRange(max = 79) Integer> numbers) {
        Profile profile = NEW;
        Map<String, Instant> newest = new HashMap<>();
        Instant now = THEN;
        for (int number : numbers) {
            now = now.plusMillis(1);
            String id = "d-" + number;
            profile = Addresses.apply(profile, change(id, number % 9 == 0 ? null : "t"), now);
            newest.remove(id);
            if (number % 9 != 0) {
                newest.put(id, now);
            }
            if (newest.size() > Addresses.MOST_DEVICES) {
                newest.entrySet().stream()
                        .min(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .ifPresent(newest::remove);
            }
        }
        assertThat(profile.getDevices())
                .extracting(Device::getDevice)
                .isSorted()
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(newest.keySet());
        assertThat(profile.getVersion()).isEqualTo(numbers.size());
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
    void pushGoesToEveryDeviceThatASenderServes() {
        Device web = device("web", "token-3", THEN);
        web.setPlatform(Platform.WEBPUSH);
        Device android = device("droid", "token-2", THEN);
        android.setPlatform(Platform.FCM);
        android.setEnvironment(Environment.SANDBOX);
        List<Address> addresses =
                Addresses.on(Channel.PUSH, "acme", withDevices(android, device("phone", "token-1", THEN), web));
        assertThat(addresses)
                .containsExactly(
                        new Address(Route.FCM, "droid", "token-2", THEN, "org.example.app", Environment.SANDBOX),
                        new Address(Route.APNS, "phone", "token-1", THEN, "org.example.app", Environment.PRODUCTION));
    }

    @Test
    void mailGoesToTheAddressUnderAnIdThatDoesNotTellIt() {
        Profile profile = Addresses.apply(NEW, contact(ContactKind.EMAIL, "ann@example.org"), THEN);
        List<Address> addresses = Addresses.on(Channel.EMAIL, "acme", profile);
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

    @ParameterizedTest
    @CsvSource({"INBOX", "SMS", "WEBHOOK"})
    void otherChannelsHaveNoAddresses(Channel channel) {
        Profile profile = Addresses.apply(
                withDevices(device("phone", "token-1", THEN)), contact(ContactKind.SMS, "+4917012345678"), THEN);
        assertThat(Addresses.on(channel, "acme", profile)).isEmpty();
    }

    @Test
    void anAddressIsFoundByItsIdThoughItsTokenWasRenewed() {
        Profile renewed = Addresses.apply(
                withDevices(device("phone", "token-1", THEN)), change("phone", "token-2"), THEN.plusSeconds(60));
        assertThat(Addresses.named("phone", Channel.PUSH, "acme", renewed))
                .map(Address::value)
                .hasValue("token-2");
        assertThat(Addresses.named("tablet", Channel.PUSH, "acme", renewed)).isEmpty();
        assertThat(Addresses.named("phone", Channel.EMAIL, "acme", renewed)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"APNS, PUSH", "FCM, PUSH", "WEBPUSH, PUSH", "EMAIL, EMAIL", "SMS, SMS", "WEBHOOK, WEBHOOK"})
    void aRouteServesOneChannel(Route route, Channel channel) {
        assertThat(Addresses.channel(route)).isEqualTo(channel);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + "Z");
    }

    private static Profile withDevices(Device... devices) {
        return Profile.newBuilder()
                .setVersion(7)
                .setDevices(Stream.of(devices).toList())
                .build();
    }

    private static Device device(String id, String token, Instant since) {
        return new Device(id, Platform.APNS, token, "org.example.app", Environment.PRODUCTION, since);
    }

    private static DeviceChanged change(String device, String token) {
        return new DeviceChanged(
                "acme", "ann", device, Platform.APNS, token, "org.example.app", Environment.PRODUCTION);
    }

    private static ContactChanged contact(ContactKind kind, String address) {
        return new ContactChanged("acme", "ann", kind, address);
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
