package io.herald.ingest;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.Platform;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.UserErased;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/** Everything that callers may ask; {@code openapi.json} says the same for people. */
final class Operations {
    private static final String BROADCAST = "/v1/broadcasts/{source}/{id}";
    private static final String DEVICE = "/v1/users/{user}/devices/{device}";
    private static final String CONTACT = "/v1/users/{user}/contacts/{kind}";
    private static final String SUBSCRIPTION = "/v1/users/{user}/subscriptions/{topic}";
    private static final String RULE = "/v1/rules/{category}";
    private static final String TEMPLATE = "/v1/templates/{category}/{channel}/{locale}";

    private Operations() {}

    static List<Operation> of(EventLog log, Database database) {
        Notifications notifications = new Notifications(log);
        Broadcasts broadcasts = new Broadcasts(database);
        Changes changes = new Changes(log);
        return List.of(
                with(POST, "/v1/notifications", Scope.NOTIFICATIONS_WRITE, notifications::request),
                with(
                        POST,
                        "/v1/notifications/cancel",
                        Scope.NOTIFICATIONS_WRITE,
                        call -> changes.ofTenant(
                                call, kind(Topics.NOTIFICATION_CANCELLED, NotificationCancelled.class))),
                with(
                        POST,
                        "/v1/broadcasts",
                        Scope.BROADCASTS_WRITE,
                        call -> changes.event(call, kind(Topics.BROADCAST_REQUESTED, BroadcastRequested.class))),
                without(GET, BROADCAST, Scope.READ, broadcasts::progress),
                control(changes, "pause", BroadcastAction.PAUSE),
                control(changes, "resume", BroadcastAction.RESUME),
                control(changes, "cancel", BroadcastAction.CANCEL),
                with(
                        PATCH,
                        "/v1/users/{user}/preferences",
                        Scope.USERS_WRITE,
                        call -> changes.ofUser(call, kind(Topics.PREFERENCE_CHANGED, PreferenceChanged.class))),
                with(
                        PUT,
                        DEVICE,
                        Scope.USERS_WRITE,
                        call -> changes.ofUser(call, kind(Topics.DEVICE_CHANGED, DeviceChanged.class))),
                without(
                        DELETE,
                        DEVICE,
                        Scope.USERS_WRITE,
                        call -> changes.ofUser(
                                call, new Changes.Kind<>(Topics.DEVICE_CHANGED, DeviceChanged.class, gone()))),
                with(
                        PUT,
                        CONTACT,
                        Scope.USERS_WRITE,
                        call -> changes.ofUser(call, kind(Topics.CONTACT_CHANGED, ContactChanged.class))),
                without(
                        DELETE,
                        CONTACT,
                        Scope.USERS_WRITE,
                        call -> changes.ofUser(
                                call,
                                new Changes.Kind<>(Topics.CONTACT_CHANGED, ContactChanged.class, absent("address")))),
                without(PUT, SUBSCRIPTION, Scope.USERS_WRITE, call -> changes.ofUser(call, subscription(true))),
                without(DELETE, SUBSCRIPTION, Scope.USERS_WRITE, call -> changes.ofUser(call, subscription(false))),
                without(
                        DELETE,
                        "/v1/users/{user}",
                        Scope.USERS_ERASE,
                        call -> changes.ofTenant(call, kind(Topics.USER_ERASED, UserErased.class))),
                with(
                        PUT,
                        RULE,
                        Scope.RULES_WRITE,
                        call -> changes.ofTenant(
                                call,
                                new Changes.Kind<>(Topics.RULE_CHANGED, RuleChanged.class, Map.of("removed", false)))),
                without(
                        DELETE,
                        RULE,
                        Scope.RULES_WRITE,
                        call -> changes.ofTenant(
                                call,
                                new Changes.Kind<>(Topics.RULE_CHANGED, RuleChanged.class, Map.of("removed", true)))),
                with(PUT, TEMPLATE, Scope.TEMPLATES_WRITE, call -> {
                    if (!call.body().hasNonNull("title")) {
                        throw Records.invalid("/title", "Is missing.");
                    }
                    return changes.ofTenant(call, kind(Topics.TEMPLATE_CHANGED, TemplateChanged.class));
                }),
                without(
                        DELETE,
                        TEMPLATE,
                        Scope.TEMPLATES_WRITE,
                        call -> changes.ofTenant(
                                call,
                                new Changes.Kind<>(
                                        Topics.TEMPLATE_CHANGED,
                                        TemplateChanged.class,
                                        absent("title", "body", "html")))),
                with(POST, "/v1/templates/preview", Scope.TEMPLATES_WRITE, Previews::preview));
    }

    private static Operation control(Changes changes, String verb, BroadcastAction action) {
        Changes.Kind<BroadcastControlled> kind =
                new Changes.Kind<>(Topics.BROADCAST_CONTROLLED, BroadcastControlled.class, Map.of("action", action));
        return without(POST, BROADCAST + "/" + verb, Scope.BROADCASTS_WRITE, call -> changes.ofTenant(call, kind));
    }

    private static Changes.Kind<SubscriptionChanged> subscription(boolean subscribed) {
        return new Changes.Kind<>(
                Topics.SUBSCRIPTION_CHANGED, SubscriptionChanged.class, Map.of("subscribed", subscribed));
    }

    // The router knows a device that is given up by its id; the schema wants the rest all the same.
    private static Map<String, Object> gone() {
        Map<String, Object> given = absent("token");
        given.put("platform", Platform.FCM);
        given.put("app", "-");
        given.put("environment", Environment.PRODUCTION);
        return given;
    }

    private static Map<String, Object> absent(String... fields) {
        Map<String, Object> given = new HashMap<>();
        for (String field : fields) {
            given.put(field, null);
        }
        return given;
    }

    private static <T extends SpecificRecord> Changes.Kind<T> kind(Topic topic, Class<T> type) {
        return new Changes.Kind<>(topic, type);
    }

    private static Operation with(HttpMethod method, String path, Scope scope, Function<Call, Future<Answer>> work) {
        return new Operation(method, path, scope, true, work);
    }

    private static Operation without(HttpMethod method, String path, Scope scope, Function<Call, Future<Answer>> work) {
        return new Operation(method, path, scope, false, work);
    }
}
