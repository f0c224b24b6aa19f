package io.herald.topology.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Device;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Platform;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.TokenMoved;
import io.herald.topology.feedback.Suppressions;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
                Addresses.pruned(profile, delivery(device, token, at(since)), asOf == null ? null : at(asOf), THEN);
        assertThat(after.isPresent()).isEqualTo(pruned);
        after.ifPresent(left -> {
            assertThat(left.getDevices()).containsExactly(device("watch", "token-2", THEN));
            assertThat(left.getVersion()).isEqualTo(profile.getVersion() + 1);
        });
        assertThat(profile.getDevices()).as("the profile given").hasSize(2);
    }

    @Test
    void aUserWithoutDevicesHasNoneToForget() {
        assertThat(Addresses.pruned(NEW, delivery("phone", "token-1", THEN), THEN, THEN))
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
    void pushGoesToEveryDevice() {
        Device web = device("web", "token-3", THEN);
        web.setPlatform(Platform.WEBPUSH);
        Device android = device("droid", "token-2", THEN);
        android.setPlatform(Platform.FCM);
        android.setEnvironment(Environment.SANDBOX);
        List<Address> addresses = Addresses.on(
                        Channel.PUSH, "acme", withDevices(android, device("phone", "token-1", THEN), web), true, THEN)
                .addresses();
        assertThat(addresses)
                .containsExactly(
                        new Address(Route.FCM, "droid", "token-2", THEN, "org.example.app", Environment.SANDBOX),
                        new Address(Route.APNS, "phone", "token-1", THEN, "org.example.app", Environment.PRODUCTION),
                        new Address(Route.WEBPUSH, "web", "token-3", THEN, "org.example.app", Environment.PRODUCTION));
    }

    @Test
    void anAddressIsFoundByItsIdThoughItsTokenWasRenewed() {
        Profile renewed = Addresses.apply(
                withDevices(device("phone", "token-1", THEN)), change("phone", "token-2"), THEN.plusSeconds(60));
        assertThat(Addresses.named("phone", Channel.PUSH, "acme", renewed, false, THEN)
                        .addresses())
                .extracting(Address::value)
                .containsExactly("token-2");
        assertThat(Addresses.named("phone", Channel.EMAIL, "acme", renewed, false, THEN))
                .isEqualTo(new Reach(List.of(), Reason.ADDRESS_CHANGED));
    }

    /** The tablet's token was registered on the first of March, the phone's 100 days later. */
    @ParameterizedTest(name = "day {0}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            0,   phone tablet, -,           both are new
            269, phone tablet, -,           the older one is nearly too old
            270, phone,        -,           and now is
            369, phone,        -,           the newer one still goes
            370, -,            TOKEN_STALE, none is left
            """)
    void aTokenThatWasNotRegisteredForLongIsNotUsed(int day, String devices, Reason none, String why) {
        Profile profile =
                withDevices(device("phone", "token-1", THEN.plus(Duration.ofDays(100))), device("tablet", "t-2", THEN));
        Instant now = THEN.plus(Duration.ofDays(day));
        Reach reach = Addresses.on(Channel.PUSH, "acme", profile, false, now);
        assertThat(reach.addresses().stream().map(Address::id).collect(Collectors.joining(" ")))
                .isEqualTo(devices == null ? "" : devices);
        assertThat(reach.none()).isEqualTo(none);
        Profile again = Addresses.apply(profile, change("tablet", "t-2"), now);
        assertThat(Addresses.on(Channel.PUSH, "acme", again, false, now).addresses())
                .as("registered again")
                .extracting(Address::id)
                .contains("tablet");
    }

    @ParameterizedTest(name = "{0} after {1}: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            EMAIL,   -,           false, -,          it was never refused
            EMAIL,   HARD_BOUNCE, false, SUPPRESSED, there is no such mailbox
            EMAIL,   COMPLAINT,   false, -,          not what was complained about
            EMAIL,   COMPLAINT,   true,  SUPPRESSED, marketing is
            SMS,     -,           false, -,          the number takes it
            SMS,     STOP,        false, SUPPRESSED, and now does not want it
            WEBHOOK, -,           false, -,          it takes whatever comes
            WEBHOOK, HARD_BOUNCE, false, SUPPRESSED, there is nothing at its URL
            WEBHOOK, STOP,        false, -,          only numbers are stopped
            PUSH,    HARD_BOUNCE, true,  NO_ADDRESS, there is no device
            INBOX,   HARD_BOUNCE, true,  -,          it needs no address
            """)
    void anAddressThatMustNotBeUsedIsLeftOut(
            Channel channel, AddressEvent event, boolean marketing, Reason none, String why) {
        Profile profile = Addresses.apply(NEW, contact(ContactKind.EMAIL, "a@example.org"), THEN);
        profile = Addresses.apply(profile, contact(ContactKind.SMS, "+4917012345678"), THEN);
        profile = Addresses.apply(profile, contact(ContactKind.WEBHOOK, "https://a.example.org/in"), THEN);
        if (event != null) {
            for (ContactKind kind : ContactKind.values()) {
                profile = suppressed(profile, kind, event);
            }
        }
        Reach reach = Addresses.on(channel, "acme", profile, marketing, THEN);
        assertThat(reach.none()).isEqualTo(none);
        assertThat(reach.addresses()).hasSize(none == null && channel != Channel.INBOX ? 1 : 0);
    }

    @ParameterizedTest(name = "{0} on day {1}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            phone,  0,   -,               it is there
            phone,  270, TOKEN_STALE,     it is too old by now
            tablet, 0,   ADDRESS_CHANGED, it is not there
            mail,   0,   SUPPRESSED,      it bounced in the meantime
            former, 0,   ADDRESS_CHANGED, it is another by now
            """)
    void anAddressNamedByItsIdMayNotBeUsableAnyMore(String name, int day, Reason none, String why) {
        Profile profile = suppressed(
                Addresses.apply(
                        withDevices(device("phone", "token-1", THEN)),
                        contact(ContactKind.EMAIL, "a@example.org"),
                        THEN),
                ContactKind.EMAIL,
                AddressEvent.HARD_BOUNCE);
        boolean device = name.equals("phone") || name.equals("tablet");
        String id = device ? name : Ids.address("acme", name.equals("mail") ? "a@example.org" : "b@example.org");
        Reach reach = Addresses.named(
                id, device ? Channel.PUSH : Channel.EMAIL, "acme", profile, false, THEN.plus(Duration.ofDays(day)));
        assertThat(reach.none()).isEqualTo(none);
        assertThat(reach.addresses()).extracting(Address::id).isEqualTo(none == null ? List.of(id) : List.of());
    }

    /** The phone holds token-1 since 12:00. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(textBlock = """
            phone,  token-1, 12:00:01, true,  another registered it later
            phone,  token-1, 12:00:00, true,  at the same moment; who wins is decided elsewhere
            phone,  token-1, 11:59:59, false, it was registered again since
            phone,  token-0, 12:00:01, false, the device has another token by now
            tablet, token-1, 12:00:01, false, another device
            """)
    void aTokenThatMovedIsForgottenIfItIsStillThatToken(
            String device, String token, String movedAt, boolean forgotten, String why) {
        Profile profile = withDevices(device("phone", "token-1", THEN), device("watch", "token-2", THEN));
        Optional<Profile> after =
                Addresses.moved(profile, new TokenMoved("acme", "ann", device, Ids.hash(token), at(movedAt)));
        assertThat(after.isPresent()).isEqualTo(forgotten);
        after.ifPresent(left -> {
            assertThat(left.getDevices()).containsExactly(device("watch", "token-2", THEN));
            assertThat(left.getVersion()).isEqualTo(profile.getVersion() + 1);
        });
        assertThat(profile.getDevices()).as("the profile given").hasSize(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"APNS, PUSH", "FCM, PUSH", "WEBPUSH, PUSH", "EMAIL, EMAIL", "SMS, SMS", "WEBHOOK, WEBHOOK"})
    void aRouteServesOneChannel(Route route, Channel channel) {
        assertThat(Addresses.channel(route)).isEqualTo(channel);
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
