package io.herald.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.JsonFields;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Platform;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.schema.SubscriptionChanged;
import io.herald.topic.Topics;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.util.List;

/** What a user tells us of themselves: preferences, devices, subscriptions; and what their devices were given. */
final class ProfileRoutes {
    private static final int LONGEST = 200;
    private static final int LONGEST_TOKEN = 4_096;
    /** In place of what nobody asks for when a device is given up. */
    private static final String NO_APP = "-";

    private final Profiles profiles;
    private final Writes writes;
    private final Clock clock;

    ProfileRoutes(Profiles profiles, Writes writes, Clock clock) {
        this.profiles = profiles;
        this.writes = writes;
        this.clock = clock;
    }

    List<ApiRoute> all() {
        return List.of(
                new ApiRoute(HttpMethod.GET, "/v1/preferences", this::preferences),
                new ApiRoute(HttpMethod.PATCH, "/v1/preferences", this::change),
                new ApiRoute(HttpMethod.GET, "/v1/devices", this::devices),
                new ApiRoute(HttpMethod.PUT, "/v1/devices/{device}", this::register),
                new ApiRoute(HttpMethod.DELETE, "/v1/devices/{device}", this::unregister),
                new ApiRoute(HttpMethod.GET, "/v1/subscriptions", this::subscriptions),
                new ApiRoute(HttpMethod.GET, "/v1/subscriptions/{topic}", this::subscription),
                new ApiRoute(HttpMethod.PUT, "/v1/subscriptions/{topic}", call -> subscribe(call, true)),
                new ApiRoute(HttpMethod.DELETE, "/v1/subscriptions/{topic}", call -> subscribe(call, false)),
                new ApiRoute(HttpMethod.POST, "/v1/receipts", this::receipt));
    }

    private Future<Answer> preferences(Call call) {
        return profiles.read(call).map(found -> {
            ObjectNode body = Profiles.part(found.value(), UserProfile::preferences, ObjectNode.class);
            body.set("contacts", Profiles.part(found.value(), UserProfile::contacts, ArrayNode.class));
            return answer(body, found);
        });
    }

    private Future<Answer> change(Call call) {
        call.query().end();
        PreferenceChanged change = PreferencePatch.of(call.user(), call.body());
        return writes.accept(Topics.PREFERENCE_CHANGED, call.user(), change);
    }

    private Future<Answer> devices(Call call) {
        return profiles.read(call).map(found -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("devices", Profiles.part(found.value(), UserProfile::devices, ArrayNode.class));
            return answer(body, found);
        });
    }

    private Future<Answer> register(Call call) {
        call.query().end();
        JsonFields body = call.body();
        Platform platform = PreferencePatch.name(body, "platform", Platform.class);
        DeviceChanged change = DeviceChanged.newBuilder()
                .setTenant(call.user().tenant())
                .setUser(call.user().user())
                .setDevice(call.path("device"))
                .setPlatform(platform)
                .setToken(token(platform, body))
                .setApp(body.text("app", LONGEST))
                .setEnvironment(
                        body.has("environment")
                                ? PreferencePatch.name(body, "environment", Environment.class)
                                : Environment.PRODUCTION)
                .build();
        body.end();
        return writes.accept(Topics.DEVICE_CHANGED, call.user(), change);
    }

    /** Returns the token, which of a browser may also be the object that it gives, as it is. */
    private static String token(Platform platform, JsonFields body) {
        JsonNode token = body.any("token");
        boolean subscription = platform == Platform.WEBPUSH && token != null && token.isObject();
        return subscription ? token.toString() : body.text("token", LONGEST_TOKEN);
    }

    private Future<Answer> unregister(Call call) {
        call.query().end();
        DeviceChanged change = DeviceChanged.newBuilder()
                .setTenant(call.user().tenant())
                .setUser(call.user().user())
                .setDevice(call.path("device"))
                .setPlatform(Platform.WEBPUSH)
                .setToken(null)
                .setApp(NO_APP)
                .setEnvironment(Environment.PRODUCTION)
                .build();
        return writes.accept(Topics.DEVICE_CHANGED, call.user(), change);
    }

    private Future<Answer> subscriptions(Call call) {
        return profiles.read(call).map(found -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("subscriptions", Profiles.part(found.value(), UserProfile::subscriptions, ArrayNode.class));
            return answer(body, found);
        });
    }

    private Future<Answer> subscription(Call call) {
        String topic = call.path("topic");
        return profiles.read(call).map(found -> {
            for (JsonNode one : Profiles.part(found.value(), UserProfile::subscriptions, ArrayNode.class)) {
                if (one.asText().equals(topic)) {
                    return answer(JsonNodeFactory.instance.objectNode().put("topic", topic), found);
                }
            }
            throw new ProblemException(Problem.notFound());
        });
    }

    private Future<Answer> subscribe(Call call, boolean subscribed) {
        call.query().end();
        SubscriptionChanged change =
                new SubscriptionChanged(call.user().tenant(), call.user().user(), call.path("topic"), subscribed);
        return writes.accept(Topics.SUBSCRIPTION_CHANGED, call.user(), change);
    }

    // Under the caller's own name, whatever it says: of somebody else's delivery nobody learns anything by it.
    private Future<Answer> receipt(Call call) {
        call.query().end();
        JsonFields body = call.body();
        ReceiptReported report = ReceiptReported.newBuilder()
                .setTenant(call.user().tenant())
                .setUser(call.user().user())
                .setNotificationId(body.text("notificationId", LONGEST))
                .setDeliveryId(body.text("deliveryId", LONGEST))
                .setRoute(route(body))
                .setReceipt(Receipt.DELIVERED)
                .setDetail("device")
                .setAt(clock.instant())
                .build();
        body.end();
        return writes.write(Topics.RECEIPT_REPORTED, call.user(), report).map(where -> Answer.accepted());
    }

    private static Route route(JsonFields body) {
        return switch (PreferencePatch.name(body, "platform", Platform.class)) {
            case APNS -> Route.APNS;
            case FCM -> Route.FCM;
            case WEBPUSH -> Route.WEBPUSH;
        };
    }

    private static Answer answer(ObjectNode body, Reads.Found<UserProfile> found) {
        body.put("version", found.value().version());
        return new Answer(200, body, null, found.behind());
    }
}
