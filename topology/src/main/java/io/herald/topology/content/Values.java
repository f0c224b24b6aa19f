package io.herald.topology.content;

import io.herald.schema.DigestContent;
import io.herald.schema.DigestItem;
import io.herald.schema.Notification;
import io.herald.schema.Pair;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a template can say of a notification.
 *
 * <table>
 *   <caption>Names</caption>
 *   <tr><td>actor</td><td>whose act it is, if anyone's</td></tr>
 *   <tr><td>recipient</td><td>the user's display name, else the user id</td></tr>
 *   <tr><td>object, topic</td><td>what it is about, and the topic it was published on, if any</td></tr>
 *   <tr><td>every name of the event's data</td><td>its value; it hides the names above</td></tr>
 *   <tr><td>digest.count</td><td>of a digest: how many notifications it stands for</td></tr>
 *   <tr><td>digest.items</td><td>the first of them, with their own actor and data</td></tr>
 *   <tr><td>digest.more</td><td>how many are not among the items; a section of it is left out if none are</td></tr>
 * </table>
 */
public final class Values {
    private Values() {}

    /**
     * Returns the values of a notification: texts, and for a digest numbers, maps and a list of maps.
     *
     * @param displayName of the user; null if they never gave one
     */
    public static Map<String, Object> of(Notification notification, String displayName) {
        Map<String, Object> values = new TreeMap<>();
        putIfGiven(values, "object", notification.getObject());
        putIfGiven(values, "topic", notification.getTopic());
        values.put("recipient", displayName == null ? notification.getUser() : displayName);
        putEvent(values, notification.getActor(), notification.getData());
        if (notification.getDigest() != null) {
            values.put("digest", digest(notification.getDigest()));
        }
        return values;
    }

    private static Map<String, Object> digest(DigestContent digest) {
        List<Map<String, Object>> items =
                digest.getItems().stream().map(Values::item).toList();
        return Map.of(
                "count", digest.getCount(), "more", Math.max(0, digest.getCount() - items.size()), "items", items);
    }

    private static Map<String, Object> item(DigestItem item) {
        Map<String, Object> values = new TreeMap<>();
        putEvent(values, item.getActor(), item.getValues());
        return values;
    }

    private static void putEvent(Map<String, Object> values, String actor, List<Pair> data) {
        putIfGiven(values, "actor", actor);
        data.forEach(pair -> values.put(pair.getName(), pair.getValue()));
    }

    private static void putIfGiven(Map<String, Object> values, String name, String value) {
        if (value != null) {
            values.put(name, value);
        }
    }
}
