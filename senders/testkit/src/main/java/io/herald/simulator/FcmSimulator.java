package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Firebase Cloud Messaging's HTTP v1 API on loopback, as far as sending to tokens goes: it knows which tokens are
 * registered and answers as Google does. Any bearer token and any project will do. Thread-safe.
 */
public final class FcmSimulator extends Simulator<Push> {
    private static final Dialect DIALECT = new Dialect(
            "FCM",
            Answer.error(503, "UNAVAILABLE", "The service is currently unavailable."),
            Answer.error(429, "QUOTA_EXCEEDED", "Sending quota exceeded."),
            Answer.error(401, "", "Request had invalid authentication credentials."));

    private static final int PAYLOAD_LIMIT = 4096;
    private static final int COLLAPSE_LIMIT = 64;
    private static final Duration LONGEST_TTL = Duration.ofDays(28);
    private static final Pattern DELIVERY = Pattern.compile("\"deliveryId\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern PATH = Pattern.compile("/v1/projects/([a-z0-9-]+)/messages:send");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9:_-]{8,4096}");
    private static final Pattern TTL = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)s");
    private static final String DETAIL = "type.googleapis.com/";
    private static final String TOKEN_INVALID = "The registration token is not a valid FCM registration token";

    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private final JsonServer server;

    private FcmSimulator(int port) {
        super(DIALECT);
        this.server = JsonServer.start(port, new Api(), script());
    }

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any that is free
     */
    public static FcmSimulator start(int port) {
        return new FcmSimulator(port);
    }

    /** Returns where it listens. */
    public int port() {
        return server.port();
    }

    /** Returns what stands in for https://fcm.googleapis.com. */
    public URI url() {
        return server.url();
    }

    /** Makes {@code token} known, as when the app is installed. */
    public void register(String token) {
        registered.add(token);
    }

    /** Makes {@code token} unknown, as when the app is deleted. */
    public void forget(String token) {
        registered.remove(token);
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Api implements JsonServer.Api {
        @Override
        public JsonServer.Reply handle(HttpServerRequest request, Buffer body) {
            Matcher path = PATH.matcher(request.path());
            if (!path.matches() || !HttpMethod.POST.equals(request.method())) {
                return new JsonServer.Reply(404, Map.of("Content-Type", "text/html"), "Not Found");
            }
            String authorization = request.getHeader("Authorization");
            if (authorization == null || !authorization.matches("Bearer \\S+")) {
                return error(401, "", "Request is missing required authentication credential.");
            }
            String raw = body.toString(UTF_8);
            try {
                return send(path.group(1), raw);
            } catch (DecodeException | ClassCastException malformed) {
                return invalid("message", "Invalid JSON payload received.");
            }
        }

        private JsonServer.Reply send(String project, String raw) {
            JsonObject message = new JsonObject(raw).getJsonObject("message");
            String token = message == null ? null : message.getString("token", message.getString("fid"));
            if (token == null || (message.containsKey("token") && message.containsKey("fid"))) {
                return invalid("message", "Exactly one of token, fid, topic or condition is required.");
            }
            JsonObject android = message.getJsonObject("android", new JsonObject());
            JsonObject notification = message.getJsonObject("notification", new JsonObject());
            JsonObject own = android.getJsonObject("notification", new JsonObject());
            JsonObject data = message.getJsonObject("data", new JsonObject());
            for (String key : data.fieldNames()) {
                if (!(data.getValue(key) instanceof String)) {
                    return invalid("message.data[0].value", "Data values are strings.");
                }
                if (key.equals("from") || key.startsWith("google") || key.startsWith("gcm.")) {
                    return invalid("message.data", "Invalid data payload key: " + key);
                }
            }
            String ttl = android.getString("ttl");
            Duration kept = ttl == null ? LONGEST_TTL : ttl(ttl);
            if (kept == null || kept.compareTo(LONGEST_TTL) > 0) {
                return invalid("message.android.ttl", "Invalid TTL: 0 to 2419200 seconds.");
            }
            String collapse = android.getString("collapse_key");
            if (collapse != null && collapse.getBytes(UTF_8).length > COLLAPSE_LIMIT) {
                return invalid("message.android.collapse_key", "Collapse key is too long.");
            }
            if (size(notification) + size(own) + size(data) > PAYLOAD_LIMIT) {
                return invalid("message", "Message is too big: the limit is " + PAYLOAD_LIMIT + " bytes.");
            }
            if (!TOKEN.matcher(token).matches()) {
                return error(400, "INVALID_ARGUMENT", TOKEN_INVALID);
            }
            if (!registered.contains(token)) {
                return error(404, "UNREGISTERED", "Requested entity was not found.");
            }
            Instant now = Instant.now();
            String tag = own.getString("tag");
            keep(new Push(
                    now,
                    data.getString("deliveryId", ""),
                    token,
                    own.getString("title", notification.getString("title")),
                    own.getString("body", notification.getString("body")),
                    data.getString("link"),
                    tag == null ? collapse : tag,
                    android.getString("priority", "normal"),
                    ttl == null ? null : now.plus(kept),
                    notification.isEmpty() && own.isEmpty(),
                    data.containsKey("seq") ? Long.valueOf(data.getString("seq")) : null,
                    clears(data.getString("herald", "{}")),
                    raw));
            return JsonServer.Reply.json(
                    200, new JsonObject().put("name", "projects/" + project + "/messages/" + UUID.randomUUID()));
        }

        @Override
        public String deliveryId(HttpServerRequest request, Buffer body) {
            Matcher id = DELIVERY.matcher(body.toString(UTF_8));
            return id.find() ? id.group(1) : "";
        }

        @Override
        public JsonServer.Reply error(int status, String code, String message) {
            JsonArray details = new JsonArray();
            if (!code.isEmpty()) {
                details.add(new JsonObject()
                        .put("@type", DETAIL + "google.firebase.fcm.v1.FcmError")
                        .put("errorCode", code));
            }
            return refusal(status, message, details);
        }

        private JsonServer.Reply invalid(String field, String description) {
            JsonObject violation = new JsonObject().put("field", field).put("description", description);
            return refusal(
                    400,
                    description,
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("@type", DETAIL + "google.firebase.fcm.v1.FcmError")
                                    .put("errorCode", "INVALID_ARGUMENT"))
                            .add(new JsonObject()
                                    .put("@type", DETAIL + "google.rpc.BadRequest")
                                    .put("fieldViolations", new JsonArray().add(violation))));
        }
    }

    private static List<Long> clears(String herald) {
        return new JsonObject(herald)
                .getJsonArray("clear", new JsonArray()).stream()
                        .map(seq -> ((Number) seq).longValue())
                        .toList();
    }

    private static JsonServer.Reply refusal(int status, String message, JsonArray details) {
        JsonObject error = new JsonObject()
                .put("code", status)
                .put("message", message)
                .put("status", status(status))
                .put("details", details);
        return JsonServer.Reply.json(status, new JsonObject().put("error", error));
    }

    private static String status(int http) {
        return switch (http) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 500 -> "INTERNAL";
            case 503 -> "UNAVAILABLE";
            default -> "UNKNOWN";
        };
    }

    private static Duration ttl(String text) {
        Matcher ttl = TTL.matcher(text);
        return ttl.matches()
                ? Duration.ofMillis(
                        new BigDecimal(ttl.group(1)).movePointRight(3).longValue())
                : null;
    }

    /** Counts the bytes of all names and texts. */
    private static int size(JsonObject object) {
        int bytes = 0;
        for (String name : object.fieldNames()) {
            if (object.getValue(name) instanceof String) {
                bytes += name.getBytes(UTF_8).length + object.getString(name).getBytes(UTF_8).length;
            }
        }
        return bytes;
    }
}
