package io.herald.topology.feedback;

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
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Addresses that are not used any more, or not for marketing, because of what came back from them. They are kept by the
 * address's id and not with the contact: who changes to another address and back is still heard.
 *
 * <ul>
 *   <li>A hard bounce, a provider's word that it is gone, or the fifth soft bounce within 30 days, ends the use of an
 *       address, until its user gives it anew.
 *   <li>A complaint ends marketing to it, for good.
 *   <li>STOP ends SMS to a number until its START.
 * </ul>
 */
public final class Suppressions {
    /** How many a profile keeps; then those of former addresses go first, the oldest before the others. */
    public static final int MOST = 20;

    /** Of soft bounces. */
    static final int TOO_MANY = 5;

    /** How long a soft bounce is remembered: full mailboxes are emptied, and servers come back. */
    static final Duration SOFT_WINDOW = Duration.ofDays(30);

    private static final Comparator<Suppression> ORDER =
            Comparator.comparing(Suppression::getAddressId).thenComparing(Suppression::getEvent);

    private Suppressions() {}

    /**
     * Returns {@code profile} with what was learned about an address, or nothing if it says nothing new. The profile
     * given is not touched.
     */
    public static Optional<Profile> apply(Profile profile, AddressReported report, String tenant, Instant now) {
        String id = addressId(profile, report, tenant);
        boolean sms = report.getKind() == ContactKind.SMS;
        return switch (report.getEvent()) {
            case HARD_BOUNCE, COMPLAINT -> suppressed(profile, id, report.getEvent(), tenant, now);
            case SOFT_BOUNCE -> softly(profile, id, tenant, now);
            case STOP -> sms ? suppressed(profile, id, AddressEvent.STOP, tenant, now) : Optional.empty();
            case START -> sms ? without(profile, id, Set.of(AddressEvent.STOP)) : Optional.empty();
        };
    }

    /**
     * Returns {@code profile} with an address that its provider says is gone, which is as good as a hard bounce, or
     * nothing if that was known.
     */
    public static Optional<Profile> gone(Profile profile, String addressId, String tenant, Instant now) {
        return suppressed(profile, addressId, AddressEvent.HARD_BOUNCE, tenant, now);
    }

    /**
     * Returns {@code profile} without the bounces of an address that its user gives anew, or nothing if there are none.
     * Complaints and STOP stay: they say what the user wants and not what the address can do.
     */
    public static Optional<Profile> givenAnew(Profile profile, String addressId) {
        return without(profile, addressId, Set.of(AddressEvent.HARD_BOUNCE, AddressEvent.SOFT_BOUNCE));
    }

    /**
     * Says why an address must not be used, or nothing if it may be.
     *
     * @param marketing whether it is for something that a complaint ends
     */
    public static Optional<Reason> suppressed(Profile profile, String addressId, ContactKind kind, boolean marketing) {
        for (Suppression suppression : profile.getSuppressions()) {
            if (suppression.getAddressId().equals(addressId) && ends(suppression, kind, marketing)) {
                return Optional.of(Reason.SUPPRESSED);
            }
        }
        return Optional.empty();
    }

    private static boolean ends(Suppression suppression, ContactKind kind, boolean marketing) {
        return switch (suppression.getEvent()) {
            case HARD_BOUNCE -> true;
            case SOFT_BOUNCE -> suppression.getCount() >= TOO_MANY;
            case COMPLAINT -> marketing;
            case STOP -> kind == ContactKind.SMS;
            case START -> false;
        };
    }

    // Mail servers do not keep the case in which an address was given.
    private static String addressId(Profile profile, AddressReported report, String tenant) {
        if (report.getAddressId() != null) {
            return report.getAddressId();
        }
        return profile.getContacts().stream()
                .filter(contact -> contact.getKind() == report.getKind())
                .map(Contact::getAddress)
                .filter(report.getAddress()::equalsIgnoreCase)
                .findFirst()
                .map(known -> Ids.address(tenant, known))
                .orElseGet(() -> Ids.address(tenant, report.getAddress()));
    }

    private static Optional<Profile> suppressed(
            Profile profile, String id, AddressEvent event, String tenant, Instant now) {
        return find(profile, id, event).isPresent()
                ? Optional.empty()
                : Optional.of(with(profile, new Suppression(id, event, 1, now), tenant));
    }

    private static Optional<Profile> softly(Profile profile, String id, String tenant, Instant now) {
        Optional<Suppression> before = find(profile, id, AddressEvent.SOFT_BOUNCE);
        if (before.isPresent() && before.get().getCount() >= TOO_MANY) {
            return Optional.empty();
        }
        Suppression next = before.filter(
                        known -> known.getSince().plus(SOFT_WINDOW).isAfter(now))
                .map(known -> new Suppression(id, AddressEvent.SOFT_BOUNCE, known.getCount() + 1, known.getSince()))
                .orElseGet(() -> new Suppression(id, AddressEvent.SOFT_BOUNCE, 1, now));
        return Optional.of(with(profile, next, tenant));
    }

    private static Optional<Suppression> find(Profile profile, String id, AddressEvent event) {
        return profile.getSuppressions().stream()
                .filter(known -> known.getAddressId().equals(id) && known.getEvent() == event)
                .findFirst();
    }

    private static Profile with(Profile profile, Suppression added, String tenant) {
        List<Suppression> next = new ArrayList<>(profile.getSuppressions());
        next.removeIf(known -> ORDER.compare(known, added) == 0);
        if (next.size() >= MOST) {
            Set<String> inUse = profile.getContacts().stream()
                    .map(contact -> Ids.address(tenant, contact.getAddress()))
                    .collect(Collectors.toSet());
            next.stream()
                    .min(Comparator.comparing((Suppression known) -> inUse.contains(known.getAddressId()))
                            .thenComparing(Suppression::getSince)
                            .thenComparing(ORDER))
                    .ifPresent(next::remove);
        }
        next.add(added);
        next.sort(ORDER);
        return withSuppressions(profile, next);
    }

    private static Optional<Profile> without(Profile profile, String id, Set<AddressEvent> events) {
        List<Suppression> kept = profile.getSuppressions().stream()
                .filter(known -> !(known.getAddressId().equals(id) && events.contains(known.getEvent())))
                .toList();
        return kept.size() == profile.getSuppressions().size()
                ? Optional.empty()
                : Optional.of(withSuppressions(profile, kept));
    }

    private static Profile withSuppressions(Profile profile, List<Suppression> suppressions) {
        return Profile.newBuilder(profile)
                .setVersion(profile.getVersion() + 1)
                .setSuppressions(suppressions)
                .build();
    }
}
