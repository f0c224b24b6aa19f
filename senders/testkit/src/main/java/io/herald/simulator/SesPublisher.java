package io.herald.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the mails that SES took, published through a topic of SNS: by the addresses of AWS's own mailbox
 * simulator, whatever their domain, and delivered otherwise. What is not answered by 200 is posted again for a while.
 *
 * @see <a href="https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html">AWS: the mailbox
 *     simulator</a>
 */
final class SesPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(SesPublisher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long BETWEEN_MS = 500;
    private static final int MOST_POSTS = 20;
    private static final int OK = 200;
    private static final int VERSION = 2;

    private final SnsTopic topic;
    private final URI callback;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    SesPublisher(SnsTopic topic, URI callback) {
        this.topic = topic;
        this.callback = callback;
    }

    SnsTopic topic() {
        return topic;
    }

    void subscribe() {
        post(topic.signed(topic.confirmation("SubscriptionConfirmation"), VERSION), 1);
    }

    /** Publishes what becomes of a mail. */
    void publish(Mail mail, String messageId) {
        String box = mail.to().substring(0, mail.to().indexOf('@')).toLowerCase(Locale.ROOT);
        String name = box.contains("+") ? box.substring(0, box.indexOf('+')) : box;
        for (JsonObject event : events(name, mail.to())) {
            event.put("mail", mail(mail, messageId));
            post(topic.signed(topic.notification(event.encode()), VERSION), 1);
        }
    }

    private static List<JsonObject> events(String name, String to) {
        String now = Instant.now().toString();
        JsonObject delivery = new JsonObject()
                .put("eventType", "Delivery")
                .put("delivery", new JsonObject().put("timestamp", now).put("recipients", new JsonArray().add(to)));
        return switch (name) {
            case "bounce" -> List.of(bounce("Permanent", "General", "5.1.1", to, now));
            case "suppressionlist" -> List.of(bounce("Permanent", "OnAccountSuppressionList", "5.1.1", to, now));
            case "mailboxfull" -> List.of(bounce("Transient", "MailboxFull", "4.2.2", to, now));
            case "complaint" ->
                List.of(
                        delivery,
                        new JsonObject()
                                .put("eventType", "Complaint")
                                .put(
                                        "complaint",
                                        new JsonObject()
                                                .put("timestamp", now)
                                                .put("complaintFeedbackType", "abuse")
                                                .put(
                                                        "complainedRecipients",
                                                        new JsonArray()
                                                                .add(new JsonObject().put("emailAddress", to)))));
            case "delay" ->
                List.of(
                        new JsonObject()
                                .put("eventType", "DeliveryDelay")
                                .put(
                                        "deliveryDelay",
                                        new JsonObject().put("timestamp", now).put("delayType", "MailboxFull")),
                        delivery);
            default -> List.of(delivery);
        };
    }

    private static JsonObject bounce(String type, String subType, String status, String to, String now) {
        return new JsonObject()
                .put("eventType", "Bounce")
                .put(
                        "bounce",
                        new JsonObject()
                                .put("bounceType", type)
                                .put("bounceSubType", subType)
                                .put("timestamp", now)
                                .put(
                                        "bouncedRecipients",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("emailAddress", to)
                                                        .put("action", "failed")
                                                        .put("status", status)
                                                        .put("diagnosticCode", "smtp; 550 no mailbox <" + to + ">"))));
    }

    private static JsonObject mail(Mail mail, String messageId) {
        JsonObject tags = new JsonObject().put("ses:configuration-set", new JsonArray().add("herald"));
        mail.tags().forEach((name, value) -> tags.put(name, new JsonArray().add(value)));
        return new JsonObject()
                .put("timestamp", mail.at().toString())
                .put("messageId", messageId)
                .put("source", mail.from())
                .put("destination", new JsonArray().add(mail.to()))
                .put("tags", tags);
    }

    private void post(String body, int attempt) {
        HttpRequest request = HttpRequest.newBuilder(callback)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain; charset=UTF-8")
                .POST(BodyPublishers.ofString(body))
                .build();
        CompletableFuture<Void> unused = http.sendAsync(request, BodyHandlers.discarding())
                .handle((answer, failure) -> failure == null ? answer.statusCode() : 0)
                .thenAccept(status -> {
                    if (status == OK) {
                        return;
                    }
                    if (attempt == MOST_POSTS) {
                        LOG.warn("A message is given up: its subscriber answers {}", status);
                        return;
                    }
                    CompletableFuture.delayedExecutor(BETWEEN_MS, TimeUnit.MILLISECONDS)
                            .execute(() -> post(body, attempt + 1));
                });
    }
}
