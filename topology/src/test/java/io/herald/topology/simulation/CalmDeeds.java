package io.herald.topology.simulation;

import io.herald.schema.BroadcastRequested;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.QuietBehaviour;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Unless;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Draws a life in which being late changes nothing of what is right: nobody changes their mind, nothing expires soon,
 * nothing is counted against a cap or collected for a while. Where it is asked who has a socket, it is asked when an
 * event arrives, and not on a tick, which may come later.
 */
final class CalmDeeds implements Life {
    private static final List<Channel> CHANNELS = List.of(Channel.values());
    private static final List<String> ON_SOCKETS = List.of("comment", "order");
    private static final List<String> AT_ANY_TIME = List.of("news", "login");

    private final World world;
    private final Chance chance;
    private final Users users;
    private final RandomRules rules;
    private int numbers;

    CalmDeeds(World world, Chance chance, Users users) {
        this.world = world;
        this.chance = chance;
        this.users = users;
        this.rules = new RandomRules(chance);
    }

    @Override
    public void begin() {
        for (String category : Cast.CATEGORIES) {
            CHANNELS.forEach(channel -> world.send(
                    Topics.TEMPLATE_CHANGED,
                    new TemplateChanged(Cast.TENANT, category, channel, "en", "{{actor}}", "{{text}}", null)));
            world.send(Topics.RULE_CHANGED, rule(category));
        }
        RandomSettings settings = new RandomSettings(chance, rules);
        for (String name : Cast.PEOPLE) {
            UserKey user = new UserKey(Cast.TENANT, name);
            world.send(Topics.PREFERENCE_CHANGED, settings.first(user));
            for (String device : List.of("phone", "pad")) {
                if (chance.percent(70)) {
                    device(user, device);
                }
            }
            if (chance.percent(80)) {
                world.send(
                        Topics.CONTACT_CHANGED,
                        new ContactChanged(user.tenant(), name, ContactKind.EMAIL, name + "@example.org"));
            }
        }
    }

    private RuleChanged rule(String category) {
        boolean onSockets = ON_SOCKETS.contains(category);
        RuleChanged drawn = rules.rule(Cast.TENANT, category);
        return RuleChanged.newBuilder(drawn)
                .setRemoved(false)
                .setSteps(drawn.getSteps().stream()
                        .filter(step -> !onSockets)
                        .map(step -> new Step(step.getChannel(), step.getAfterMs(), Unless.NEVER))
                        .toList())
                .setDedupBy(List.of())
                .setDigest(null)
                .setCaps(List.of())
                .setExpiryMs(null)
                .setCollapseBy(List.of())
                .setQuietHours(QuietBehaviour.HOLD)
                .setAcknowledgeWithinMs(
                        onSockets
                                ? chance.between(Duration.ofMinutes(1), Duration.ofHours(1))
                                        .toMillis()
                                : null)
                .build();
    }

    private void device(UserKey user, String device) {
        world.send(
                Topics.DEVICE_CHANGED,
                new DeviceChanged(
                        user.tenant(),
                        user.user(),
                        device,
                        chance.oneOf(Platform.APNS, Platform.FCM),
                        "token-" + user.user() + "-" + device,
                        "com.acme.app",
                        Environment.PRODUCTION));
    }

    @Override
    public void one() {
        int drawn = chance.between(1, 100);
        if (drawn <= 50) {
            event(chance.oneOf(ON_SOCKETS), false);
        } else if (drawn <= 80) {
            event(chance.oneOf(AT_ANY_TIME), chance.percent(30));
        } else if (drawn <= 88) {
            broadcast();
        } else {
            users.connect(new UserKey(Cast.TENANT, chance.oneOf(Cast.PEOPLE)), chance);
        }
    }

    private void event(String category, boolean later) {
        Topic topic = chance.percent(85) ? Topics.NOTIFICATION_REQUESTED : Topics.NOTIFICATION_REQUESTED_BULK;
        world.send(
                topic,
                NotificationRequested.newBuilder()
                        .setTenant(Cast.TENANT)
                        .setSource(Cast.SOURCE)
                        .setId("e" + numbers++)
                        .setRecipients(List.of(chance.oneOf(Cast.PEOPLE), chance.oneOf(Cast.PEOPLE)))
                        .setCategory(category)
                        .setActor("nobody")
                        .setData(Map.of("text", "hello " + numbers))
                        .setSendAt(
                                later
                                        ? world.now().plus(chance.between(Duration.ofSeconds(10), Duration.ofHours(20)))
                                        : null)
                        .build());
    }

    private void broadcast() {
        world.send(
                Topics.BROADCAST_REQUESTED,
                BroadcastRequested.newBuilder()
                        .setTenant(Cast.TENANT)
                        .setSource(Cast.SOURCE)
                        .setId("b" + numbers++)
                        .setCategory(chance.oneOf(AT_ANY_TIME))
                        .setData(Map.of("text", "for all"))
                        .setSpreadOverMs(
                                chance.maybe(40, () -> chance.between(Duration.ofMinutes(1), Duration.ofHours(20))
                                        .toMillis()))
                        .build());
    }
}
