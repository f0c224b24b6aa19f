package io.herald.topology.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.Contact;
import io.herald.schema.ContactKind;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.Suppression;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuppressionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String MAIL = "Ann@example.org";
    private static final String PHONE = "+4917012345678";

    /** What came back, one after the other, and what the address may be used for then. */
    @ParameterizedTest(name = "{0}, {1}: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            EMAIL, -,                                    true,  true,  nothing came back
            EMAIL, HARD_BOUNCE,                          false, false, there is no such mailbox
            EMAIL, 4 SOFT_BOUNCE,                        true,  true,  it may only be full
            EMAIL, 5 SOFT_BOUNCE,                        false, false, it is full for good
            EMAIL, COMPLAINT,                            true,  false, no more advertising
            EMAIL, COMPLAINT HARD_BOUNCE,                false, false, the stronger one counts
            EMAIL, STOP,                                 true,  true,  STOP is a word of SMS
            EMAIL, HARD_BOUNCE START,                    false, false, and so is START
            SMS,   STOP,                                 false, false, they want none
            SMS,   STOP START,                           true,  true,  they want them again
            SMS,   START,                                true,  true,  they never said STOP
            SMS,   STOP START STOP,                      false, false, the last word counts
            SMS,   HARD_BOUNCE START,                    false, false, wanting does not make the number exist
            SMS,   COMPLAINT START,                      true,  false, nor does it take a complaint back
            SMS,   HARD_BOUNCE,                          false, false, there is no such number
            """)
    void whatCameBackDecidesWhatAnAddressIsUsedFor(
            ContactKind kind, String events, boolean used, boolean forMarketing, String why) {
        Profile profile = profile();
        for (AddressEvent event : events(events)) {
            profile = Suppressions.apply(profile, report(kind, event), "acme", NOW)
                    .orElse(profile);
        }
        assertThat(Suppressions.suppressed(profile, id(kind), kind, false))
                .isEqualTo(used ? Optional.empty() : Optional.of(Reason.SUPPRESSED));
        assertThat(Suppressions.suppressed(profile, id(kind), kind, true))
                .isEqualTo(forMarketing ? Optional.empty() : Optional.of(Reason.SUPPRESSED));
        ContactKind other = kind == ContactKind.SMS ? ContactKind.EMAIL : ContactKind.SMS;
        assertThat(Suppressions.suppressed(profile, id(other), other, true))
                .as("another address")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} after {1}: {2}")
    @CsvSource(textBlock = """
            HARD_BOUNCE, HARD_BOUNCE,   it bounces again
            COMPLAINT,   COMPLAINT,     they complain again
            STOP,        STOP,          they say it again
            SOFT_BOUNCE, 5 SOFT_BOUNCE, it is not counted beyond what matters
            START,       HARD_BOUNCE,   there was no STOP
            """)
    void whatSaysNothingNewChangesNothing(AddressEvent event, String before, String why) {
        Profile profile = profile();
        for (AddressEvent each : events(before)) {
            profile = Suppressions.apply(profile, report(ContactKind.SMS, each), "acme", NOW)
                    .orElseThrow();
        }
        assertThat(Suppressions.apply(profile, report(ContactKind.SMS, event), "acme", NOW.plusSeconds(60)))
                .isEmpty();
    }

    @ParameterizedTest(name = "bounces on days {0}: {2}")
    @CsvSource(textBlock = """
            0 1 2 3 4,           false, five in a week
            0 7 14 21 29,        false, five within a month
            0 7 14 21 30,        true,  the fifth comes a month after the first: it is a first again
            0 7 14 21 30 31 32,  true,  three since then
            0 1 2 3 4 400,       false, what has ended stays so
            0 40 80 120 160 200, true,  now and then
            """)
    void fiveSoftBouncesWithinAMonthAreTooMany(String days, boolean used, String why) {
        Profile profile = profile();
        for (String day : days.split(" ", -1)) {
            Instant then = NOW.plus(Duration.ofDays(Long.parseLong(day)));
            profile = Suppressions.apply(profile, report(ContactKind.EMAIL, AddressEvent.SOFT_BOUNCE), "acme", then)
                    .orElse(profile);
        }
        assertThat(Suppressions.suppressed(profile, id(ContactKind.EMAIL), ContactKind.EMAIL, false)
                        .isEmpty())
                .isEqualTo(used);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            Ann@example.org, true,  as it was given
            ann@EXAMPLE.org, true,  as a server wrote it
            bob@example.org, false, of another mailbox
            """)
    void anAddressIsKnownHoweverItIsWritten(String address, boolean suppressed, String why) {
        AddressReported report = report(ContactKind.EMAIL, AddressEvent.HARD_BOUNCE);
        report.setAddressId(null);
        report.setAddress(address);
        Profile after = Suppressions.apply(profile(), report, "acme", NOW).orElseThrow();
        assertThat(Suppressions.suppressed(after, id(ContactKind.EMAIL), ContactKind.EMAIL, false)
                        .isPresent())
                .isEqualTo(suppressed);
    }

    @Test
    void anAddressGivenAnewLosesItsBouncesAndNothingElse() {
        Profile profile = profile();
        for (AddressEvent event : AddressEvent.values()) {
            profile = Suppressions.apply(profile, report(ContactKind.SMS, event), "acme", NOW)
                    .orElse(profile);
        }
        profile = Suppressions.apply(profile, report(ContactKind.SMS, AddressEvent.STOP), "acme", NOW)
                .orElseThrow();
        Profile after = Suppressions.givenAnew(profile, id(ContactKind.SMS)).orElseThrow();
        assertThat(after.getSuppressions())
                .extracting(Suppression::getEvent)
                .containsExactly(AddressEvent.COMPLAINT, AddressEvent.STOP);
        assertThat(Suppressions.givenAnew(after, id(ContactKind.SMS))).isEmpty();
        assertThat(Suppressions.givenAnew(profile, id(ContactKind.EMAIL))).isEmpty();
    }

    @Test
    void whenThereAreTooManyThoseOfFormerAddressesGoFirst() {
        Profile profile = Suppressions.apply(profile(), report(ContactKind.SMS, AddressEvent.STOP), "acme", NOW)
                .orElseThrow();
        for (int former = 0; former < 30; former++) {
            AddressReported report = report(ContactKind.EMAIL, AddressEvent.HARD_BOUNCE);
            report.setAddressId("former-%02d".formatted(former));
            profile = Suppressions.apply(profile, report, "acme", NOW.plusSeconds(1 + former))
                    .orElseThrow();
        }
        assertThat(profile.getSuppressions())
                .hasSize(Suppressions.MOST)
                .extracting(Suppression::getAddressId)
                .contains(id(ContactKind.SMS), "former-29", "former-11")
                .doesNotContain("former-10", "former-00");
    }

    @Property(tries = 200)
    void theyAreSortedBoundedAndOneForEachAddressAndEvent(@ForAll("reports") List<AddressReported> reports) {
        Profile profile = profile();
        for (AddressReported report : reports) {
            Profile before = Profile.newBuilder(profile).build();
            Optional<Profile> next = Suppressions.apply(profile, report, "acme", NOW);
            assertThat(profile).as("the profile given").isEqualTo(before);
            next.ifPresent(after -> {
                assertThat(after.getVersion()).isEqualTo(before.getVersion() + 1);
                assertThat(after.getSuppressions()).isNotEqualTo(before.getSuppressions());
            });
            profile = next.orElse(profile);
            List<Suppression> sorted = new ArrayList<>(profile.getSuppressions());
            sorted.sort(Comparator.comparing(Suppression::getAddressId).thenComparing(Suppression::getEvent));
            assertThat(profile.getSuppressions())
                    .hasSizeLessThanOrEqualTo(Suppressions.MOST)
                    .isEqualTo(sorted);
            assertThat(profile.getSuppressions().stream()
                            .map(each -> each.getAddressId() + each.getEvent())
                            .distinct())
                    .hasSameSizeAs(profile.getSuppressions());
        }
    }

    @Provide
    Arbitrary<List<AddressReported>> reports() {
        return Combinators.combine(
                        Arbitraries.of(ContactKind.class),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.of(AddressEvent.class))
                .as((kind, address, event) ->
                        new AddressReported("acme", "ann", kind, "a-" + address, null, event, null))
                .list()
                .ofMaxSize(80);
    }

    private static List<AddressEvent> events(String text) {
        List<AddressEvent> events = new ArrayList<>();
        if (text != null) {
            int times = 1;
            for (String word : text.split(" ", -1)) {
                if (Character.isDigit(word.charAt(0))) {
                    times = Integer.parseInt(word);
                } else {
                    for (int time = 0; time < times; time++) {
                        events.add(AddressEvent.valueOf(word));
                    }
                    times = 1;
                }
            }
        }
        return events;
    }

    private static AddressReported report(ContactKind kind, AddressEvent event) {
        return new AddressReported("acme", "ann", kind, id(kind), null, event, null);
    }

    private static String id(ContactKind kind) {
        return Ids.address("acme", kind == ContactKind.EMAIL ? MAIL : PHONE);
    }

    private static Profile profile() {
        return Profile.newBuilder()
                .setVersion(7)
                .setContacts(
                        List.of(new Contact(ContactKind.EMAIL, MAIL, NOW), new Contact(ContactKind.SMS, PHONE, NOW)))
                .build();
    }
}
