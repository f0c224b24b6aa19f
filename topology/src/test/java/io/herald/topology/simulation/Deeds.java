package io.herald.topology.simulation;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.AttributeFilter;
import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.Channel;
import io.herald.schema.CheckpointRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.UserErased;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.testing.WebPush;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws what happens: whatever there is in Herald, and all of it at once. */
final class Deeds implements Life {
    private static final List<Channel> CHANNELS = List.of(Channel.values());
    // Every channel more is as much more to judge.
    private static final Set<Channel> RARE = Set.of(Channel.SMS, Channel.WEBHOOK);

    // An id is known for a day. What has the same after that is another event, with the same name: nobody could tell
    // what is said of the one from what is said of the other.
    private static final Duration REPEATED_WITHIN = Duration.ofHours(20);

    private final World world;
    private final Chance chance;
    private final Users users;
    private final Senders senders;
    private final RandomRules rules;
    private final RandomSettings settings;
    private final List<Said> events = new ArrayList<>();
    private final List<String> broadcasts = new ArrayList<>();
    private int numbers;

    private record Said(NotificationRequested event, Instant at) {}

    Deeds(World world, Chance chance, Users users, Senders senders) {
        this.world = world;
        this.chance = chance;
        this.users = users;
        this.senders = senders;
        this.rules = new RandomRules(chance);
        this.settings = new RandomSettings(chance, rules);
    }

    @Override
    public void begin() {
        for (String category : Cast.CATEGORIES) {
            for (Channel channel : CHANNELS) {
                if (chance.percent(RARE.contains(channel) ? 40 : 92)) {
                    template(category, channel);
                }
            }
            if (chance.percent(85)) {
                world.send(Topics.RULE_CHANGED, rules.rule(Cast.TENANT, category));
            }
        }
        if (chance.percent(50)) {
            share();
        }
        for (String name : Cast.PEOPLE) {
            UserKey user = new UserKey(Cast.TENANT, name);
            if (chance.percent(90)) {
                world.send(Topics.PREFERENCE_CHANGED, settings.first(user));
                device(user);
                contact(user);
                subscription(user);
            }
        }
    }

    @Override
    public void one() {
        UserKey user = Cast.user(chance);
        int drawn = chance.between(1, 100);
        if (drawn <= 40) {
            event();
        } else if (drawn <= 44) {
            burst();
        } else if (drawn <= 49) {
            cancel();
        } else if (drawn <= 61) {
            world.send(Topics.PREFERENCE_CHANGED, settings.change(user, world.now()));
        } else if (drawn <= 67) {
            device(user);
        } else if (drawn <= 70) {
            contact(user);
        } else if (drawn <= 74) {
            subscription(user);
        } else if (drawn <= 77) {
            broadcast();
        } else if (drawn <= 80) {
            control();
        } else if (drawn <= 84) {
            world.send(Topics.RULE_CHANGED, rules.rule(Cast.TENANT, chance.oneOf(Cast.CATEGORIES)));
        } else if (drawn == 85) {
            share();
        } else if (drawn == 86) {
            template(chance.oneOf(Cast.CATEGORIES), chance.oneOf(CHANNELS));
        } else if (drawn <= 91) {
            users.connectOrGo(user);
        } else if (drawn <= 94) {
            users.act(user);
        } else if (drawn <= 97) {
            bounce(user);
        } else if (drawn == 98) {
            senders.repeat();
        } else if (drawn == 99) {
            world.send(Topics.CHECKPOINT_REQUESTED, new CheckpointRequested("cut-" + numbers++));
        } else if (chance.percent(50)) {
            world.send(Topics.USER_ERASED, new UserErased(user.tenant(), user.user()));
        }
    }

    private void event() {
        NotificationRequested event = anEvent();
        events.removeIf(said -> said.at().plus(REPEATED_WITHIN).isBefore(world.now()));
        if (!events.isEmpty() && chance.percent(22)) {
            event = NotificationRequested.newBuilder(chance.oneOf(events).event())
                    .build();
            if (chance.percent(15)) {
                event.setData(Map.of("text", "other"));
            }
        } else {
            events.add(new Said(event, world.now()));
        }
        Topic topic = chance.percent(85) ? Topics.NOTIFICATION_REQUESTED : Topics.NOTIFICATION_REQUESTED_BULK;
        world.send(topic, NotificationRequested.newBuilder(event).build());
    }

    // Much of the same at once is what digests, caps and collapse keys are for.
    private void burst() {
        NotificationRequested first = anEvent();
        if (chance.percent(30)) {
            users.connectInVain(
                    new UserKey(first.getTenant(), first.getRecipients().get(0)));
        }
        for (int count = chance.between(2, 5); count > 0; count--) {
            NotificationRequested event = NotificationRequested.newBuilder(first)
                    .setId("e" + numbers++)
                    .setObject(chance.maybe(40, () -> chance.oneOf(Cast.OBJECTS)))
                    .build();
            events.add(new Said(event, world.now()));
            world.send(Topics.NOTIFICATION_REQUESTED, event);
        }
    }

    private NotificationRequested anEvent() {
        Instant sendAt =
                chance.maybe(8, () -> world.now().plus(chance.between(Duration.ofSeconds(10), Duration.ofHours(20))));
        Instant begins = sendAt == null ? world.now() : sendAt;
        List<String> recipients = new ArrayList<>();
        for (int count = chance.between(1, 3); count > 0; count--) {
            recipients.add(chance.oneOf(Cast.PEOPLE));
        }
        return NotificationRequested.newBuilder()
                .setTenant(chance.percent(96) ? Cast.TENANT : "other")
                .setSource(Cast.SOURCE)
                .setId("e" + numbers++)
                .setRecipients(recipients)
                .setCategory(chance.percent(98) ? chance.oneOf(Cast.CATEGORIES) : "nobody-knows")
                .setActor(chance.maybe(60, () -> chance.oneOf(Cast.PEOPLE)))
                .setData(Map.of("text", chance.oneOf("hello", "again", "news")))
                .setChannels(chance.maybe(20, () -> chance.someOf(CHANNELS, 60)))
                .setCollapseKey(chance.maybe(12, () -> chance.oneOf("k1", "k2")))
                .setSendAt(sendAt)
                .setExpiresAt(
                        chance.maybe(25, () -> begins.plus(chance.between(Duration.ofSeconds(5), Duration.ofDays(2)))))
                .setObject(chance.maybe(40, () -> chance.oneOf(Cast.OBJECTS)))
                .setCancelKey(chance.maybe(25, () -> chance.oneOf("c1", "c2", "c3")))
                .build();
    }

    private void cancel() {
        boolean byKey = chance.percent(35);
        // Some cancels come before their event.
        String id = events.isEmpty() || chance.percent(15)
                ? "e" + (numbers + chance.between(0, 3))
                : events.get(Math.max(0, events.size() - 1 - chance.between(0, 12)))
                        .event()
                        .getId();
        world.send(
                Topics.NOTIFICATION_CANCELLED,
                new NotificationCancelled(
                        Cast.TENANT,
                        Cast.SOURCE,
                        Cast.PEOPLE,
                        byKey ? null : id,
                        byKey ? chance.oneOf("c1", "c2", "c3") : null));
    }

    private void device(UserKey user) {
        Platform platform = chance.oneOf(Platform.values());
        int number = chance.between(1, 14);
        world.send(
                Topics.DEVICE_CHANGED,
                new DeviceChanged(
                        user.tenant(),
                        user.user(),
                        chance.oneOf("phone", "pad"),
                        platform,
                        chance.maybe(
                                92,
                                () -> platform == Platform.WEBPUSH
                                        ? WebPush.subscription("https://push.example.org/" + number)
                                        : "token-" + number),
                        "com.acme.app",
                        Environment.PRODUCTION));
    }

    private void contact(UserKey user) {
        ContactKind kind = chance.percent(50) ? ContactKind.EMAIL : chance.oneOf(ContactKind.values());
        int number = chance.between(1, 2);
        world.send(
                Topics.CONTACT_CHANGED,
                new ContactChanged(
                        user.tenant(), user.user(), kind, chance.maybe(90, () -> address(user, kind, number))));
    }

    private static String address(UserKey user, ContactKind kind, int number) {
        return switch (kind) {
            case EMAIL -> user.user() + number + "@example.org";
            case SMS -> "+4930123456" + number;
            // Some take a chat for a webhook, and say later what it is.
            case WEBHOOK, SLACK, TEAMS -> "https://hooks.example.org/" + user.user() + "/" + number;
        };
    }

    private void subscription(UserKey user) {
        world.send(
                Topics.SUBSCRIPTION_CHANGED,
                new SubscriptionChanged(user.tenant(), user.user(), chance.oneOf(Cast.TOPICS), chance.percent(75)));
    }

    private void bounce(UserKey user) {
        ContactKind kind = chance.percent(60) ? ContactKind.EMAIL : chance.oneOf(ContactKind.values());
        world.send(
                Topics.ADDRESS_REPORTED,
                AddressReported.newBuilder()
                        .setTenant(user.tenant())
                        .setUser(user.user())
                        .setKind(kind)
                        .setAddress(address(user, kind, 1))
                        .setEvent(
                                kind == ContactKind.SMS && chance.percent(70)
                                        ? chance.oneOf(AddressEvent.STOP, AddressEvent.START)
                                        : chance.oneOf(
                                                AddressEvent.HARD_BOUNCE,
                                                AddressEvent.SOFT_BOUNCE,
                                                AddressEvent.SOFT_BOUNCE,
                                                AddressEvent.COMPLAINT))
                        .build());
    }

    private void share() {
        world.send(
                Topics.ROUTE_CHANGED,
                new RouteChanged(
                        chance.oneOf(Route.EMAIL, Route.SMS),
                        chance.between(1, 100),
                        chance.oneOf(0, 1, 50, 100),
                        chance.maybe(50, () -> chance.between(1L, 2_000L))));
    }

    private void template(String category, Channel channel) {
        boolean removed = !events.isEmpty() && chance.percent(40);
        world.send(
                Topics.TEMPLATE_CHANGED,
                new TemplateChanged(
                        Cast.TENANT,
                        category,
                        channel,
                        chance.percent(80) ? "en" : "de",
                        removed ? null : "{{actor}} " + numbers++,
                        removed ? null : "{{text}}",
                        null));
    }

    private void broadcast() {
        if (!broadcasts.isEmpty() && chance.percent(15)) {
            // A copy of its request changes nothing.
            world.send(Topics.BROADCAST_REQUESTED, aBroadcast(chance.oneOf(broadcasts)));
            return;
        }
        broadcasts.add("b" + numbers++);
        world.send(Topics.BROADCAST_REQUESTED, aBroadcast(broadcasts.get(broadcasts.size() - 1)));
    }

    private BroadcastRequested aBroadcast(String id) {
        return BroadcastRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource(Cast.SOURCE)
                .setId(id)
                .setCategory(chance.oneOf(Cast.CATEGORIES))
                .setTopic(chance.maybe(50, () -> chance.oneOf(Cast.TOPICS)))
                .setFilters(chance.percent(30) ? List.of(new AttributeFilter("plan", List.of("gold"))) : List.of())
                .setActor(chance.maybe(30, () -> chance.oneOf(Cast.PEOPLE)))
                .setData(Map.of("text", "for all"))
                .setObject(chance.maybe(20, () -> chance.oneOf(Cast.OBJECTS)))
                .setCollapseKey(chance.maybe(10, () -> "k1"))
                .setExpiresAt(chance.maybe(20, () -> world.now().plus(Duration.ofDays(1))))
                .setSendAt(chance.maybe(
                        15, () -> world.now().plus(chance.between(Duration.ofMinutes(1), Duration.ofHours(10)))))
                .setSpreadOverMs(chance.maybe(40, () -> chance.between(Duration.ofMinutes(1), Duration.ofHours(20))
                        .toMillis()))
                .build();
    }

    private void control() {
        if (!broadcasts.isEmpty()) {
            world.send(
                    Topics.BROADCAST_CONTROLLED,
                    new BroadcastControlled(
                            Cast.TENANT,
                            Cast.SOURCE,
                            chance.oneOf(broadcasts),
                            chance.oneOf(
                                    BroadcastAction.PAUSE,
                                    BroadcastAction.RESUME,
                                    BroadcastAction.RESUME,
                                    BroadcastAction.CANCEL)));
        }
    }
}
