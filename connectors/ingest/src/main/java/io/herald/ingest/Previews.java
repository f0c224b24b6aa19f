package io.herald.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.JsonFields;
import io.herald.schema.Notification;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Pair;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topics;
import io.herald.topology.content.Content;
import io.herald.topology.content.ContentTooLargeException;
import io.herald.topology.content.Template;
import io.herald.topology.content.Values;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Renders a template that is not in force, with the router's own renderer: what a preview shows is what is sent. */
final class Previews {
    private static final String TEMPLATE = "template";
    private static final String NOTIFICATION = "notification";

    private Previews() {}

    static Future<Answer> preview(Call call) {
        JsonFields fields = JsonFields.of(call.body());
        JsonNode wanted = fields.any(TEMPLATE);
        JsonNode said = fields.any(NOTIFICATION);
        String displayName = fields.optionalText("displayName", 200);
        fields.end();
        if (wanted == null) {
            throw fields.invalid(TEMPLATE, "Is missing.");
        }
        String tenant = call.caller().tenant();
        TemplateChanged template = Records.read(
                Topics.TEMPLATE_CHANGED,
                TemplateChanged.class,
                wanted,
                fields.pointer(TEMPLATE),
                Map.of("tenant", tenant, "category", "preview", "locale", "en"),
                call.at());
        if (template.getTitle() == null) {
            throw fields.invalid(TEMPLATE, "Has no title and no body.");
        }
        NotificationRequested event = Records.read(
                Topics.NOTIFICATION_REQUESTED,
                NotificationRequested.class,
                said == null ? JsonNodeFactory.instance.objectNode() : said,
                fields.pointer(NOTIFICATION),
                Map.of(
                        "tenant", tenant,
                        "source", "preview",
                        "id", "preview",
                        "category", "preview",
                        "recipients", List.of("recipient")),
                call.at());
        try {
            Content content = Template.compile(template).render(values(event, displayName), event.getLink());
            return Future.succeededFuture(Answer.ok(json(content)));
        } catch (ContentTooLargeException tooLarge) {
            throw fields.invalid(TEMPLATE, "Becomes too large with these values.");
        }
    }

    private static Map<String, Object> values(NotificationRequested event, String displayName) {
        Notification notification = new Notification();
        notification.setUser(event.getRecipients().get(0));
        notification.setActor(event.getActor());
        notification.setObject(event.getObject());
        notification.setData(new TreeMap<>(event.getData())
                .entrySet().stream()
                        .map(pair -> new Pair(pair.getKey(), pair.getValue()))
                        .toList());
        return Values.of(notification, displayName);
    }

    private static ObjectNode json(Content content) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("title", content.title())
                .put("body", content.body());
        return content.html() == null ? json : json.put("html", content.html());
    }
}
