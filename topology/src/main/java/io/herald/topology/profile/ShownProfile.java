package io.herald.topology.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Contact;
import io.herald.schema.Device;
import io.herald.schema.Profile;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * What is shown of a profile to the user whose it is, each as JSON: no tokens, no addresses, nothing that the router
 * keeps for itself. What is absent is left out, times are ISO 8601, and the same profile is the same text.
 *
 * @param preferences an object of locale, displayName, zone, quietHours, doNotDisturbUntil, optOuts, digests, caps and
 *     blockedActors
 * @param devices a list of objects of id, platform, app and updatedAt
 * @param contacts a list of kinds
 * @param subscriptions a list of topic paths
 */
public record ShownProfile(String preferences, String devices, String contacts, String subscriptions) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Returns what is shown of {@code profile}. */
    public static ShownProfile of(Profile profile) {
        return new ShownProfile(
                preferences(profile).toString(),
                list(profile.getDevices(), ShownProfile::device).toString(),
                list(profile.getContacts(), Contact::getKind).toString(),
                list(profile.getSubscriptions(), Function.identity()).toString());
    }

    private static ObjectNode preferences(Profile profile) {
        ObjectNode shown = JSON.objectNode();
        put(shown, "locale", profile.getLocale());
        put(shown, "displayName", profile.getDisplayName());
        put(shown, "zone", profile.getZone());
        put(shown, "quietHours", profile.getQuietHours());
        put(shown, "doNotDisturbUntil", profile.getDoNotDisturbUntil());
        put(shown, "optOuts", profile.getOptOuts());
        put(shown, "digests", profile.getDigests());
        put(shown, "caps", profile.getCaps());
        put(shown, "blockedActors", profile.getBlockedActors());
        return shown;
    }

    private static ObjectNode device(Device device) {
        ObjectNode shown = JSON.objectNode();
        put(shown, "id", device.getDevice());
        put(shown, "platform", device.getPlatform());
        put(shown, "app", device.getApp());
        put(shown, "updatedAt", device.getSince());
        return shown;
    }

    private static void put(ObjectNode object, String name, Object value) {
        if (value != null) {
            object.set(name, json(value));
        }
    }

    private static <T> ArrayNode list(List<T> values, Function<T, ?> shown) {
        ArrayNode list = JSON.arrayNode();
        values.forEach(value -> list.add(json(shown.apply(value))));
        return list;
    }

    private static JsonNode json(Object value) {
        if (value instanceof JsonNode node) {
            return node;
        } else if (value instanceof SpecificRecord record) {
            ObjectNode object = JSON.objectNode();
            for (Schema.Field field : record.getSchema().getFields()) {
                put(object, field.name(), record.get(field.pos()));
            }
            return object;
        } else if (value instanceof List<?> values) {
            return list(values, Function.identity());
        } else if (value instanceof Integer number) {
            return JSON.numberNode(number);
        } else if (value instanceof Long number) {
            return JSON.numberNode(number);
        } else if (value instanceof Boolean truth) {
            return JSON.booleanNode(truth);
        } else if (value instanceof String || value instanceof Enum<?> || value instanceof Instant) {
            return JSON.textNode(value.toString());
        }
        throw new IllegalStateException("no JSON for " + value.getClass().getSimpleName());
    }
}
