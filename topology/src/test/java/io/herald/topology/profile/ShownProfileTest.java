package io.herald.topology.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.Contact;
import io.herald.schema.ContactKind;
import io.herald.schema.Device;
import io.herald.schema.DigestPreference;
import io.herald.schema.Environment;
import io.herald.schema.Frequency;
import io.herald.schema.OptOut;
import io.herald.schema.Overflow;
import io.herald.schema.Pair;
import io.herald.schema.Platform;
import io.herald.schema.Profile;
import io.herald.schema.QuietWindow;
import io.herald.schema.Weekday;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownProfileTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void showsAllThatAUserSet() {
        ShownProfile shown = ShownProfile.of(full());

        assertThat(shown.preferences())
                .isEqualTo("{\"locale\":\"de\",\"displayName\":\"Zoë \\\"Z\\\" <b>\",\"zone\":\"Europe/Berlin\","
                        + "\"quietHours\":[{\"days\":[\"SATURDAY\"],\"startMinute\":1320,\"endMinute\":420,"
                        + "\"channels\":[\"PUSH\"]}],\"doNotDisturbUntil\":\"2026-03-01T12:00:00Z\","
                        + "\"optOuts\":[{\"category\":\"news\",\"channel\":\"EMAIL\",\"optedOut\":true}],"
                        + "\"digests\":[{\"category\":\"likes\",\"frequency\":\"DAILY\",\"minute\":480}],"
                        + "\"caps\":[{\"most\":3,\"windowMs\":60000,\"overflow\":\"DROP\"}],"
                        + "\"blockedActors\":[\"bo\"]}");
        assertThat(shown.devices())
                .isEqualTo("[{\"id\":\"phone\",\"platform\":\"APNS\",\"app\":\"com.acme.app\","
                        + "\"updatedAt\":\"2026-03-01T12:00:00Z\"}]");
        assertThat(shown.contacts()).isEqualTo("[\"EMAIL\"]");
        assertThat(shown.subscriptions()).isEqualTo("[\"sports/tennis\"]");
    }

    @Test
    void showsNeitherTokensNorAddressesNorWhatOthersSay() {
        ShownProfile shown = ShownProfile.of(full());
        assertThat(shown.toString()).doesNotContain("secret-token", "zoe@example.org", "plan", "gold");

        Profile another = full();
        another.setVersion(9L);
        another.setAttributes(List.of());
        another.getDevices().get(0).setToken("another");
        another.getContacts().get(0).setAddress("another@example.org");
        assertThat(ShownProfile.of(another)).isEqualTo(shown);
    }

    @Test
    void showsOfNobodyThatThereIsNothing() {
        ShownProfile shown = ShownProfile.of(Profile.newBuilder().setVersion(0).build());
        assertThat(shown.preferences())
                .isEqualTo("{\"quietHours\":[],\"optOuts\":[],\"digests\":[],\"caps\":[],\"blockedActors\":[]}");
        assertThat(shown.devices() + shown.contacts() + shown.subscriptions()).isEqualTo("[][][]");
    }

    private static Profile full() {
        return Profile.newBuilder()
                .setVersion(4)
                .setLocale("de")
                .setDisplayName("Zoë \"Z\" <b>")
                .setZone("Europe/Berlin")
                .setQuietHours(List.of(new QuietWindow(List.of(Weekday.SATURDAY), 1320, 420, List.of(Channel.PUSH))))
                .setDoNotDisturbUntil(NOON)
                .setOptOuts(List.of(new OptOut("news", Channel.EMAIL, true, null, null)))
                .setDigests(List.of(new DigestPreference("likes", Frequency.DAILY, 480, null)))
                .setCaps(List.of(new Cap(null, null, 3, 60_000L, Overflow.DROP)))
                .setBlockedActors(List.of("bo"))
                .setAttributes(List.of(new Pair("plan", "gold")))
                .setDevices(List.of(new Device(
                        "phone", Platform.APNS, "secret-token", "com.acme.app", Environment.PRODUCTION, NOON)))
                .setContacts(List.of(new Contact(ContactKind.EMAIL, "zoe@example.org", NOON)))
                .setSubscriptions(List.of("sports/tennis"))
                .build();
    }
}
