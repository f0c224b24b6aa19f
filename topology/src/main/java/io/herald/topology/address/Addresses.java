package io.herald.topology.address;

import io.herald.schema.Channel;
import io.herald.schema.Contact;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Device;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Platform;
import io.herald.schema.Profile;
import io.herald.schema.Route;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where a user can be reached, and how changes of it are taken in. */
public final class Addresses {
    /** A user's devices; beyond them the one with the oldest token goes. */
    public static final int MOST_DEVICES = 50;

    private Addresses() {}

    /** Returns a user's addresses on {@code channel}, in a fixed order; none for the inbox, which needs none. */
    public static List<Address> on(Channel channel, String tenant, Profile profile) {
        return switch (channel) {
            case PUSH ->
                profile.getDevices().stream()
                        .filter(device -> device.getPlatform() != Platform.WEBPUSH)
                        .map(Addresses::address)
                        .toList();
            case EMAIL ->
                profile.getContacts().stream()
                        .filter(contact -> contact.getKind() == ContactKind.EMAIL)
                        .map(contact -> address(tenant, contact))
                        .toList();
            // No sender drains these yet.
            case SMS, WEBHOOK, INBOX -> List.of();
        };
    }

    /** Returns the address that {@code id} names now: a device's renewed token, for one. */
    public static Optional<Address> named(String id, Channel channel, String tenant, Profile profile) {
        return on(channel, tenant, profile).stream()
                .filter(address -> address.id().equals(id))
                .findFirst();
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

    /** Returns {@code profile} with a contact set or removed; the profile given is not touched. */
    public static Profile apply(Profile profile, ContactChanged change, Instant now) {
        List<Contact> contacts = new ArrayList<>(profile.getContacts());
        contacts.removeIf(contact -> contact.getKind() == change.getKind());
        if (change.getAddress() != null) {
            contacts.add(new Contact(change.getKind(), change.getAddress(), now));
        }
        contacts.sort(Comparator.comparing(Contact::getKind));
        return Profile.newBuilder(profile)
                .setVersion(profile.getVersion() + 1)
                .setContacts(contacts)
                .build();
    }

    /**
     * Returns {@code profile} without the device whose token is gone, or nothing if it must stay: it has another token
     * by now, or registered this one again after the provider missed it.
     *
     * @param gone the address that the provider refused, as it was delivered to
     * @param asOf since when the token is gone, or null where the provider does not say
     */
    public static Optional<Profile> pruned(Profile profile, Delivery gone, Instant asOf) {
        List<Device> kept = profile.getDevices().stream()
                .filter(device -> !(device.getDevice().equals(gone.getAddressId())
                        && device.getToken().equals(gone.getAddress())
                        && (asOf == null
                                ? device.getSince().equals(gone.getAddressSince())
                                : asOf.isAfter(device.getSince()))))
                .toList();
        return kept.size() == profile.getDevices().size() ? Optional.empty() : Optional.of(withDevices(profile, kept));
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
        return new Address(
                Route.EMAIL,
                Ids.address(tenant, contact.getAddress()),
                contact.getAddress(),
                contact.getSince(),
                null,
                Environment.PRODUCTION);
    }
}
