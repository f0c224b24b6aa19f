package io.herald.topology.address;

import io.herald.schema.Channel;
import io.herald.schema.Contact;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Device;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.TokenMoved;
import io.herald.topology.feedback.Suppressions;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where a user can be reached, and how changes of it are taken in. */
public final class Addresses {
    /** A user's devices; beyond them the one with the oldest token goes. */
    public static final int MOST_DEVICES = 50;

    /**
     * How long a token is used that its app does not register again. FCM gives up a token after 270 days without a
     * connection of its device, and refuses what is sent to it then; the other services say nothing like it, but an app
     * that has not been opened for as long is not there any more either.
     *
     * @see <a href="https://firebase.google.com/docs/cloud-messaging/manage-tokens">Best practices for FCM registration
     *     token management</a>
     */
    static final Duration LONGEST_TOKEN_LIFE = Duration.ofDays(270);

    private Addresses() {}

    /**
     * Returns a user's addresses on {@code channel} that may be used now, or why there are none. Those that must not be
     * used for what came back from them are left out, and tokens that were not registered for 270 days.
     *
     * @param marketing whether it is for something that a complaint ends
     */
    public static Reach on(Channel channel, String tenant, Profile profile, boolean marketing, Instant now) {
        if (channel == Channel.INBOX) {
            return new Reach(List.of(), null);
        }
        List<Address> known = known(channel, tenant, profile);
        List<Address> usable = known.stream()
                .filter(address -> unusable(address, profile, marketing, now).isEmpty())
                .toList();
        if (usable.isEmpty() && !known.isEmpty()) {
            return new Reach(
                    usable, unusable(known.get(0), profile, marketing, now).orElseThrow());
        }
        return usable.isEmpty() ? new Reach(List.of(), Reason.NO_ADDRESS) : new Reach(usable, null);
    }

    /**
     * Returns the address that {@code id} names now, a device's renewed token for one, or why it is not to be used any
     * more: {@link Reason#ADDRESS_CHANGED} if the user does not have it now.
     */
    public static Reach named(
            String id, Channel channel, String tenant, Profile profile, boolean marketing, Instant now) {
        Optional<Address> known = known(channel, tenant, profile).stream()
                .filter(address -> address.id().equals(id))
                .findFirst();
        if (known.isEmpty()) {
            return new Reach(List.of(), Reason.ADDRESS_CHANGED);
        }
        return unusable(known.get(), profile, marketing, now)
                .map(reason -> new Reach(List.of(), reason))
                .orElseGet(() -> new Reach(List.of(known.get()), null));
    }

    /** Returns the channel that a route serves. */
    public static Channel channel(Route route) {
        return switch (route) {
            case APNS, FCM, WEBPUSH -> Channel.PUSH;
            case EMAIL -> Channel.EMAIL;
            case SMS -> Channel.SMS;
            case WEBHOOK -> Channel.WEBHOOK;
        };
    }

    /** Returns {@code profile} with a device registered, renewed or gone; the profile given is not touched. */
    public static Profile apply(Profile profile, DeviceChanged change, Instant now) {
        List<Device> devices = new ArrayList<>(profile.getDevices());
        Optional<Device> known = devices.stream()
                .filter(device -> device.getDevice().equals(change.getDevice()))
                .findFirst();
        known.ifPresent(devices::remove);
        if (change.getToken() != null) {
            // Registering the same token again is how an app says that it is still there.
            devices.add(new Device(
                    change.getDevice(),
                    change.getPlatform(),
                    change.getToken(),
                    change.getApp(),
                    change.getEnvironment(),
                    now));
            if (devices.size() > MOST_DEVICES) {
                devices.stream()
                        .filter(device -> !device.getDevice().equals(change.getDevice()))
                        .min(Comparator.comparing(Device::getSince).thenComparing(Device::getDevice))
                        .ifPresent(devices::remove);
            }
        }
        devices.sort(Comparator.comparing(Device::getDevice));
        return withDevices(profile, devices);
    }

    /**
     * Returns {@code profile} with a contact set or removed; the profile given is not touched. An address given anew is
     * used again though it bounced before. One that is known as another kind, as a chat's that was taken for a webhook,
     * is of the new kind alone.
     */
    public static Profile apply(Profile profile, ContactChanged change, Instant now) {
        List<Contact> contacts = new ArrayList<>(profile.getContacts());
        // Giving the address that is known already, as a nightly export does, does not make it work.
        boolean anew = change.getAddress() != null
                && contacts.stream()
                        .noneMatch(contact -> contact.getKind() == change.getKind()
                                && contact.getAddress().equals(change.getAddress()));
        contacts.removeIf(contact ->
                contact.getKind() == change.getKind() || contact.getAddress().equals(change.getAddress()));
        if (change.getAddress() != null) {
            contacts.add(new Contact(change.getKind(), change.getAddress(), now));
        }
        contacts.sort(Comparator.comparing(Contact::getKind));
        Profile before = anew
                ? Suppressions.givenAnew(profile, Ids.address(change.getTenant(), change.getAddress()))
                        .orElse(profile)
                : profile;
        return Profile.newBuilder(before)
                .setVersion(profile.getVersion() + 1)
                .setContacts(contacts)
                .build();
    }

    /**
     * Returns {@code profile} after a provider said that an address is gone: without the device, or with the contact
     * suppressed as after a hard bounce. Nothing if it must stay as it is: the device has another token, the contact is
     * another, or this one was registered again after the provider missed it.
     *
     * @param gone the address that the provider refused, as it was delivered to
     * @param asOf since when it is gone, or null where the provider does not say
     */
    public static Optional<Profile> pruned(Profile profile, Delivery gone, Instant asOf, Instant now) {
        return switch (channel(gone.getRoute())) {
            case PUSH -> withoutDevice(profile, gone, asOf);
            case EMAIL, SMS, WEBHOOK ->
                profile.getContacts().stream().anyMatch(contact -> isGone(contact, gone, asOf))
                        ? Suppressions.gone(profile, gone.getAddressId(), gone.getTenant(), now)
                        : Optional.empty();
            case INBOX -> Optional.empty();
        };
    }

    private static Optional<Profile> withoutDevice(Profile profile, Delivery gone, Instant asOf) {
        List<Device> kept = profile.getDevices().stream()
                .filter(device -> !(device.getDevice().equals(gone.getAddressId())
                        && device.getToken().equals(gone.getAddress())
                        && isSince(device.getSince(), gone, asOf)))
                .toList();
        return kept.size() == profile.getDevices().size() ? Optional.empty() : Optional.of(withDevices(profile, kept));
    }

    private static boolean isGone(Contact contact, Delivery gone, Instant asOf) {
        return route(contact.getKind()) == gone.getRoute()
                && contact.getAddress().equals(gone.getAddress())
                && isSince(contact.getSince(), gone, asOf);
    }

    private static boolean isSince(Instant since, Delivery gone, Instant asOf) {
        return asOf == null ? since.equals(gone.getAddressSince()) : asOf.isAfter(since);
    }

    /**
     * Returns {@code profile} without the device whose token another registered since, or nothing if it must stay: it
     * has another token by now, or registered this one again after the other did.
     */
    public static Optional<Profile> moved(Profile profile, TokenMoved moved) {
        List<Device> kept = profile.getDevices().stream()
                .filter(device -> !(device.getDevice().equals(moved.getDevice())
                        && !device.getSince().isAfter(moved.getMovedAt())
                        && Ids.hash(device.getToken()).equals(moved.getTokenHash())))
                .toList();
        return kept.size() == profile.getDevices().size() ? Optional.empty() : Optional.of(withDevices(profile, kept));
    }

    private static List<Address> known(Channel channel, String tenant, Profile profile) {
        return switch (channel) {
            case PUSH -> profile.getDevices().stream().map(Addresses::address).toList();
            case EMAIL, SMS, WEBHOOK ->
                profile.getContacts().stream()
                        .filter(contact -> channel(route(contact.getKind())) == channel)
                        .map(contact -> address(tenant, contact))
                        .toList();
            case INBOX -> List.of();
        };
    }

    private static Optional<Reason> unusable(Address address, Profile profile, boolean marketing, Instant now) {
        return switch (address.route()) {
            case APNS, FCM, WEBPUSH ->
                address.since().plus(LONGEST_TOKEN_LIFE).isAfter(now)
                        ? Optional.empty()
                        : Optional.of(Reason.TOKEN_STALE);
            case EMAIL -> Suppressions.suppressed(profile, address.id(), ContactKind.EMAIL, marketing);
            case SMS -> Suppressions.suppressed(profile, address.id(), ContactKind.SMS, marketing);
            case WEBHOOK -> Suppressions.suppressed(profile, address.id(), ContactKind.WEBHOOK, marketing);
        };
    }

    private static Profile withDevices(Profile profile, List<Device> devices) {
        return Profile.newBuilder(profile)
                .setVersion(profile.getVersion() + 1)
                .setDevices(devices)
                .build();
    }

    private static Address address(Device device) {
        return new Address(
                switch (device.getPlatform()) {
                    case APNS -> Route.APNS;
                    case FCM -> Route.FCM;
                    case WEBPUSH -> Route.WEBPUSH;
                },
                device.getDevice(),
                device.getToken(),
                device.getSince(),
                device.getApp(),
                device.getEnvironment());
    }

    private static Address address(String tenant, Contact contact) {
        Route route = route(contact.getKind());
        return new Address(
                route,
                Ids.address(tenant, contact.getAddress()),
                contact.getAddress(),
                contact.getSince(),
                route == Route.WEBHOOK ? contact.getKind().name() : null,
                Environment.PRODUCTION);
    }

    private static Route route(ContactKind kind) {
        return switch (kind) {
            case EMAIL -> Route.EMAIL;
            case SMS -> Route.SMS;
            case WEBHOOK, SLACK, TEAMS -> Route.WEBHOOK;
        };
    }
}
