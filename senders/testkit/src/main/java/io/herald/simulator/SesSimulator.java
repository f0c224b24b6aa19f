package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amazon SES's v2 API on loopback, as far as SendEmail with simple content and GetAccount go. Requests must be signed;
 * the signature itself is not checked. Thread-safe.
 */
public final class SesSimulator extends Simulator<Mail> {
    /** The topic that it publishes through. */
    public static final String TOPIC = "arn:aws:sns:eu-central-1:123456789012:ses-feedback";

    private static final Dialect DIALECT = new Dialect(
            "SES",
            Answer.error(503, "ServiceUnavailable", "Service Unavailable"),
            Answer.error(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
            Answer.error(403, "ExpiredTokenException", "The security token included in the request is expired"));

    private static final String PATH = "/v2/email/outbound-emails";
    private static final String ACCOUNT = "/v2/email/account";
    private static final int MOST_RECIPIENTS = 50;
    private static final int MOST_TAGS = 50;
    private static final Pattern SIGNATURE =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=[^/, ]+/\\d{8}/[a-z0-9-]+/ses/aws4_request, "
                    + "SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}");
    private static final Pattern DELIVERY = Pattern.compile("\\{\"Name\":\"deliveryId\",\"Value\":\"([^\"]*)\"}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    private static final Pattern HEADER_NAME = Pattern.compile("[!-9;-@A-~]{1,126}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{1,870}");

    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private final SesQuota quota = new SesQuota();
    private final JsonServer server;
    private volatile SesPublisher publisher;
    private volatile boolean confirmed;

    private SesSimulator(int port) {
        super(DIALECT);
        this.server = JsonServer.start(port, new Api(), script());
    }

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any that is free
     */
    public static SesSimulator start(int port) {
        return new SesSimulator(port);
    }

    /** Returns where it listens. */
    public int port() {
        return server.port();
    }

    /** Returns what stands in for https://email.region.amazonaws.com. */
    public URI url() {
        return server.url();
    }

    /** Refuses mail to {@code domain} from now on, with MessageRejected. */
    public void block(String domain) {
        blocked.add(domain.toLowerCase(Locale.ROOT));
    }

    /** Takes mail to {@code domain} again. */
    public void unblock(String domain) {
        blocked.remove(domain.toLowerCase(Locale.ROOT));
    }

    /** Takes so many recipients a second and in 24 hours, and says so if asked; 0 for no limit. */
    public void limit(double perSecond, double perDay) {
        quota.limit(perSecond, perDay);
    }

    /** Counts so many recipients as sent to in the last 24 hours. */
    public void sent(double recipients) {
        quota.sent(recipients);
    }

    /** Lets the account send, or pauses it as AWS does for too many bounces. */
    public void sending(boolean enabled) {
        quota.sending(enabled);
    }

    /**
     * Publishes from now on what becomes of mails, to a subscriber at {@code callback} of {@link #TOPIC}, whom it first
     * asks to confirm. The names of AWS's mailbox simulator decide, at any domain: {@code bounce}, {@code complaint},
     * {@code suppressionlist}, and here {@code delay} and {@code mailboxfull} too, each with or without {@code +label}.
     * Others get theirs.
     */
    public void publishTo(URI callback) {
        confirmed = false;
        publisher = new SesPublisher(new SnsTopic(TOPIC, url()), callback);
        publisher.subscribe();
    }

    /** Returns whether the subscriber has confirmed. */
    public boolean confirmed() {
        return confirmed;
    }

    /** Forgets mails, orders and limits, but not the blocked domains. */
    @Override
    public void clear() {
        super.clear();
        quota.clear();
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Api implements JsonServer.Api {
        @Override
        public JsonServer.Reply handle(HttpServerRequest request, Buffer body) {
            SesPublisher sns = publisher;
            if (sns != null
                    && request.path().equals(sns.topic().certificateUrl().getPath())) {
                return new JsonServer.Reply(
                        200,
                        Map.of("Content-Type", "application/x-pem-file"),
                        sns.topic().certificatePem());
            }
            if (sns != null && "ConfirmSubscription".equals(request.getParam("Action"))) {
                confirmed = true;
                return new JsonServer.Reply(200, Map.of("Content-Type", "text/xml"), "<ConfirmSubscriptionResponse/>");
            }
            String authorization = request.getHeader("Authorization");
            if (authorization == null) {
                return error(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
            }
            if (!SIGNATURE.matcher(authorization).matches() || request.getHeader("X-Amz-Date") == null) {
                return error(403, "IncompleteSignatureException", "The request signature does not conform.");
            }
            if (request.path().equals(ACCOUNT) && HttpMethod.GET.equals(request.method())) {
                return quota.account();
            }
            if (!request.path().equals(PATH) || !HttpMethod.POST.equals(request.method())) {
                return error(404, "UnknownOperationException", "The simulator knows SendEmail and GetAccount only.");
            }
            String raw = body.toString(UTF_8);
            try {
                return send(raw);
            } catch (DecodeException | ClassCastException | IllegalArgumentException malformed) {
                return error(400, "SerializationException", "Unexpected content");
            }
        }

        private JsonServer.Reply send(String raw) {
            JsonObject mail = new JsonObject(raw);
            String from = mail.getString("FromEmailAddress", "");
            JsonObject simple = child(child(mail, "Content"), "Simple");
            String subject = child(simple, "Subject").getString("Data");
            String text = child(child(simple, "Body"), "Text").getString("Data");
            String html = child(child(simple, "Body"), "Html").getString("Data");
            if (Mailbox.parse(from).isEmpty()) {
                return bad("Missing final '@domain'");
            }
            if (subject == null || (text == null && html == null)) {
                return bad("The simulator takes simple content: a subject, and a body with text, HTML or both.");
            }
            if (subject.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                return bad("Subject contains a control character");
            }
            JsonArray to = child(mail, "Destination").getJsonArray("ToAddresses", new JsonArray());
            if (to.isEmpty() || to.size() > MOST_RECIPIENTS) {
                return bad("Recipient count is 0 or exceeds " + MOST_RECIPIENTS + ".");
            }
            Map<String, String> tags = new TreeMap<>();
            for (Object each : mail.getJsonArray("EmailTags", new JsonArray())) {
                JsonObject tag = (JsonObject) each;
                if (!TAG.matcher(tag.getString("Name", "")).matches()
                        || !TAG.matcher(tag.getString("Value", "")).matches()) {
                    return bad("Only alphanumeric ASCII characters, '_' and '-' are allowed in tags.");
                }
                tags.put(tag.getString("Name"), tag.getString("Value"));
            }
            if (tags.size() > MOST_TAGS) {
                return bad("Too many tags");
            }
            for (Object each : to) {
                Optional<Mailbox> parsed = Mailbox.parse((String) each);
                if (parsed.isEmpty()) {
                    return bad("Illegal address");
                }
                if (blocked.contains(parsed.get().domain().toLowerCase(Locale.ROOT))) {
                    return error(400, "MessageRejected", "Email address is not verified.");
                }
            }
            Map<String, String> headers = new TreeMap<>();
            for (Object each : simple.getJsonArray("Headers", new JsonArray())) {
                JsonObject header = (JsonObject) each;
                if (!HEADER_NAME.matcher(header.getString("Name", "")).matches()
                        || !HEADER_VALUE.matcher(header.getString("Value", "")).matches()) {
                    return bad("Header name or value is not valid.");
                }
                headers.put(header.getString("Name"), header.getString("Value"));
            }
            Instant now = Instant.now();
            SesQuota.Refusal refusal = quota.take(to.size(), now);
            if (refusal != null) {
                return error(refusal.status(), refusal.code(), refusal.message());
            }
            String id = "01000" + UUID.randomUUID() + "-000000";
            for (Object each : to) {
                Mailbox recipient = Mailbox.parse((String) each).orElseThrow();
                Mail taken = new Mail(
                        now,
                        tags.getOrDefault("deliveryId", ""),
                        recipient.address(),
                        recipient.name(),
                        from,
                        subject,
                        text,
                        html,
                        Map.copyOf(tags),
                        Map.copyOf(headers),
                        raw);
                keep(taken);
                if (publisher != null) {
                    publisher.publish(taken, id);
                }
            }
            return JsonServer.Reply.json(200, new JsonObject().put("MessageId", id));
        }

        private JsonServer.Reply bad(String message) {
            return error(400, "BadRequestException", message);
        }

        @Override
        public String deliveryId(HttpServerRequest request, Buffer body) {
            Matcher id = DELIVERY.matcher(body.toString(UTF_8));
            return id.find() ? id.group(1) : "";
        }

        @Override
        public JsonServer.Reply error(int status, String code, String message) {
            return JsonServer.Reply.json(status, new JsonObject().put("message", message))
                    .with("x-amzn-ErrorType", code);
        }
    }

    private static JsonObject child(JsonObject parent, String name) {
        return parent.getJsonObject(name, new JsonObject());
    }
}
