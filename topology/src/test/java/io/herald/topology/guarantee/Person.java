package io.herald.topology.guarantee;

import io.herald.schema.AddressReported;
import io.herald.schema.Attribute;
import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.Connection;
import io.herald.schema.Contact;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Device;
import io.herald.schema.DeviceChanged;
import io.herald.schema.DigestPreference;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TokenMoved;
import io.herald.schema.UserErased;
import io.herald.topology.address.Addresses;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A user, as one who remembers every word that was ever said of them would know them: read from the first to the last.
 */
public final class Person {
    private static final Duration SOFT_WINDOW = Duration.ofDays(30);
    private static final int SOFT_BOUNCES = 5;

    private final String tenant;
    private final String user;
    private final Map<OptOut, Boolean> switches = new LinkedHashMap<>();
    private final Set<String> blocked = new HashSet<>();
    private final Map<String, DigestPreference> digests = new HashMap<>();
    private final Map<String, String> attributes = new HashMap<>();
    private final TreeMap<String, Device> devices = new TreeMap<>();
    private final Map<ContactKind, Contact> contacts = new HashMap<>();
    private final Set<String> hardBounces = new HashSet<>();
    private final Set<String> complaints = new HashSet<>();
    private final Set<String> stops = new HashSet<>();
    private final Map<String, List<Instant>> softBounces = new HashMap<>();
    private final Set<String> subscriptions = new HashSet<>();
    private final List<Connection> connections = new ArrayList<>();
    private String zone;
    private String locale;
    private List<QuietWindow> quietHours = List.of();
    private Instant doNotDisturbUntil;
    private List<Cap> caps = List.of();
    private boolean known;
    private Instant erasedAt;

    /** That an address is given up, because its provider says so. */
    record Pruned(Delivery gone, Instant asOf) {}

    Person(String tenant, String user, List<History.Fact> facts) {
        this.tenant = tenant;
        this.user = user;
        for (History.Fact fact : facts) {
            if (erasedAt == null) {
                learn(fact);
            }
        }
    }

    private void learn(History.Fact fact) {
        Object what = fact.what();
        Instant at = fact.at();
        if (what instanceof PreferenceChanged change) {
            prefers(change);
        } else if (what instanceof DeviceChanged change) {
            known = true;
            devices.remove(change.getDevice());
            if (change.getToken() != null) {
                devices.put(
                        change.getDevice(),
                        new Device(
                                change.getDevice(),
                                change.getPlatform(),
                                change.getToken(),
                                change.getApp(),
                                change.getEnvironment(),
                                fact.acceptedAt()));
            }
        } else if (what instanceof TokenMoved moved) {
            devices.values()
                    .removeIf(device -> device.getDevice().equals(moved.getDevice())
                            && Ids.hash(device.getToken()).equals(moved.getTokenHash())
                            && !device.getSince().isAfter(moved.getMovedAt()));
        } else if (what instanceof Pruned pruned) {
            devices.values().removeIf(device -> isGone(device, pruned));
            contacts.values().stream()
                    .filter(contact -> isGone(contact, pruned))
                    .forEach(contact -> hardBounces.add(Ids.address(tenant, contact.getAddress())));
        } else if (what instanceof ContactChanged change) {
            known = true;
            contact(change, at);
        } else if (what instanceof AddressReported report) {
            known |= reported(report, at);
        } else if (what instanceof SubscriptionChanged change) {
            known |= change.getSubscribed();
            if (change.getSubscribed()) {
                subscriptions.add(change.getTopic());
            } else {
                subscriptions.remove(change.getTopic());
            }
        } else if (what instanceof PresenceChanged change) {
            connections.removeIf(open -> open.getConnectionId().equals(change.getConnectionId())
                    && open.getGateway().equals(change.getGateway()));
            if (change.getState() == PresenceState.CONNECTED) {
                connections.add(new Connection(
                        change.getDevice(),
                        change.getConnectionId(),
                        change.getGateway(),
                        at,
                        change.getInstance(),
                        false));
            }
        } else if (what instanceof SocketReported report) {
            connections.stream()
                    .filter(open -> open.getGateway().equals(report.getGateway()))
                    .forEach(open -> open.setSilent(report.getOutcome() == SocketOutcome.NO_SOCKET));
        } else if (what instanceof UserErased) {
            erasedAt = at;
        }
    }

    private void prefers(PreferenceChanged change) {
        known = true;
        change.getOptOuts()
                .forEach(optOut ->
                        switches.put(OptOut.newBuilder(optOut).setOptedOut(true).build(), optOut.getOptedOut()));
        change.getBlockedActors().forEach(block -> {
            if (block.getBlocked()) {
                blocked.add(block.getActor());
            } else {
                blocked.remove(block.getActor());
            }
        });
        change.getDigests().forEach(digest -> digests.put(digest.getCategory(), digest));
        for (Attribute attribute : change.getAttributes()) {
            attributes.put(attribute.getName(), attribute.getValue());
        }
        zone = change.getZone() == null ? zone : change.getZone();
        locale = change.getLocale() == null ? locale : change.getLocale();
        quietHours = Objects.requireNonNullElse(change.getQuietHours(), quietHours);
        doNotDisturbUntil = change.getDoNotDisturbUntil() == null ? doNotDisturbUntil : change.getDoNotDisturbUntil();
        caps = Objects.requireNonNullElse(change.getCaps(), caps);
    }

    private void contact(ContactChanged change, Instant at) {
        Contact before = contacts.remove(change.getKind());
        contacts.values().removeIf(other -> other.getAddress().equals(change.getAddress()));
        if (change.getAddress() != null) {
            if (before == null || !before.getAddress().equals(change.getAddress())) {
                String id = Ids.address(tenant, change.getAddress());
                hardBounces.remove(id);
                softBounces.remove(id);
            }
            contacts.put(change.getKind(), new Contact(change.getKind(), change.getAddress(), at));
        }
    }

    private boolean reported(AddressReported report, Instant at) {
        String id = report.getAddressId() != null ? report.getAddressId() : Ids.address(tenant, report.getAddress());
        boolean sms = report.getKind() == ContactKind.SMS;
        return switch (report.getEvent()) {
            case HARD_BOUNCE -> hardBounces.add(id);
            case COMPLAINT -> complaints.add(id);
            case SOFT_BOUNCE -> {
                List<Instant> bounces = softBounces.computeIfAbsent(id, key -> new ArrayList<>());
                if (bounces.size() < SOFT_BOUNCES
                        && !bounces.isEmpty()
                        && !bounces.get(0).plus(SOFT_WINDOW).isAfter(at)) {
                    bounces.clear();
                }
                yield bounces.size() < SOFT_BOUNCES && bounces.add(at);
            }
            case STOP -> sms && stops.add(id);
            case START -> sms && stops.remove(id);
        };
    }

    private static boolean isGone(Device device, Pruned pruned) {
        return Addresses.channel(pruned.gone().getRoute()) == Channel.PUSH
                && device.getDevice().equals(pruned.gone().getAddressId())
                && device.getToken().equals(pruned.gone().getAddress())
                && isSince(device.getSince(), pruned);
    }

    private static boolean isGone(Contact contact, Pruned pruned) {
        return channel(contact.getKind()) == Addresses.channel(pruned.gone().getRoute())
                && contact.getAddress().equals(pruned.gone().getAddress())
                && isSince(contact.getSince(), pruned);
    }

    private static boolean isSince(Instant since, Pruned pruned) {
        return pruned.asOf() == null
                ? since.equals(pruned.gone().getAddressSince())
                : pruned.asOf().isAfter(since);
    }

    public String name() {
        return tenant + "/" + user;
    }

    /** Returns whether they ever told anything: whether a broadcast to all would meet them. */
    public boolean isKnown() {
        return known && erasedAt == null;
    }

    public boolean isErased() {
        return erasedAt != null;
    }

    public String zone() {
        return zone;
    }

    public String locale() {
        return locale;
    }

    public List<Cap> caps() {
        return caps;
    }

    public List<Connection> connections() {
        return connections;
    }

    /** Returns their devices, by name. */
    public List<Device> devices() {
        return List.copyOf(devices.values());
    }

    /** Returns where they are reached on a channel that is not of devices. */
    public List<Contact> contacts(Channel channel) {
        return contacts.values().stream()
                .filter(contact -> channel(contact.getKind()) == channel)
                .toList();
    }

    /** Returns those of them that may be used. */
    public List<Contact> usable(Channel channel, boolean marketing) {
        return contacts(channel).stream()
                .filter(contact -> !isSuppressed(contact.getKind(), contact.getAddress(), marketing))
                .toList();
    }

    private static Channel channel(ContactKind kind) {
        return switch (kind) {
            case EMAIL -> Channel.EMAIL;
            case SMS -> Channel.SMS;
            case WEBHOOK, SLACK, TEAMS -> Channel.WEBHOOK;
        };
    }

    /** Returns whether an address must not be used. */
    public boolean isSuppressed(ContactKind kind, String address, boolean marketing) {
        String id = Ids.address(tenant, address);
        return hardBounces.contains(id)
                || softBounces.getOrDefault(id, List.of()).size() >= SOFT_BOUNCES
                || (marketing && complaints.contains(id))
                || (kind == ContactKind.SMS && stops.contains(id));
    }

    public boolean hasBlocked(String actor) {
        return blocked.contains(actor);
    }

    /** Returns how they want to hear of a category, if they ever said. */
    public Optional<DigestPreference> digest(String category) {
        return Optional.ofNullable(digests.getOrDefault(category, digests.get(null)));
    }

    public String attribute(String name) {
        return attributes.get(name);
    }

    /** Returns the topic by which they hear of {@code topic}: the longest. */
    public Optional<String> hears(String topic) {
        return subscriptions.stream()
                .filter(subscribed -> isWithin(topic, subscribed))
                .reduce((one, other) -> one.length() > other.length() ? one : other);
    }

    /** Says why they do not want something, the most particular reason of several. */
    public Optional<Reason> optedOut(String category, Channel channel, String topic, String object) {
        List<Reason> reasons = switches.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .filter(off -> off.getCategory() == null || off.getCategory().equals(category))
                .filter(off -> off.getChannel() == null || off.getChannel() == channel)
                .filter(off -> off.getTopic() == null || (topic != null && isWithin(topic, off.getTopic())))
                .filter(off -> off.getObject() == null || off.getObject().equals(object))
                .map(Person::reason)
                .toList();
        return List.of(
                        Reason.MUTED,
                        Reason.TOPIC_OPTED_OUT,
                        Reason.CATEGORY_OPTED_OUT,
                        Reason.CHANNEL_OPTED_OUT,
                        Reason.OPTED_OUT)
                .stream()
                .filter(reasons::contains)
                .findFirst();
    }

    /** Returns until when a channel is quiet, and why; nothing if it is not quiet at {@code now}. */
    public Optional<Silence> silence(Channel channel, Instant now) {
        return Silence.of(zone, quietHours, doNotDisturbUntil, channel, now);
    }

    private static Reason reason(OptOut off) {
        if (off.getObject() != null) {
            return Reason.MUTED;
        } else if (off.getTopic() != null) {
            return Reason.TOPIC_OPTED_OUT;
        } else if (off.getCategory() != null) {
            return Reason.CATEGORY_OPTED_OUT;
        }
        return off.getChannel() != null ? Reason.CHANNEL_OPTED_OUT : Reason.OPTED_OUT;
    }

    private static boolean isWithin(String topic, String above) {
        return (topic + "/").startsWith(above + "/");
    }
}
