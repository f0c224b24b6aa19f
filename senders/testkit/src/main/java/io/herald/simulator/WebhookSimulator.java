package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Endpoints on loopback, of three kinds: those that check signatures as Standard Webhooks has it, Slack's incoming
 * webhooks and Teams' workflows, each with the limits and answers of its vendor. Thread-safe.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
public final class WebhookSimulator extends Simulator<WebhookPost> {
    /** The words of an endpoint that has none of its own. */
    private static final Dialect DIALECT = new Dialect(
            "Webhook",
            Answer.error(503, "Service Unavailable", ""),
            Answer.error(429, "Too Many Requests", ""),
            Answer.error(401, "Unauthorized", ""));

    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final int TEAMS_MOST_BYTES = 28 * 1024;
    private static final int SLACK_MOST_BLOCKS = 50;
    private static final Map<String, Integer> SLACK_LONGEST = Map.of("header", 150, "section", 3_000);

    /** What an endpoint is. */
    public enum Kind {
        /** A tenant's own. */
        WEBHOOK,
        /** An incoming webhook of Slack. */
        SLACK,
        /** A workflow of Teams. */
        TEAMS
    }

    private final Map<String, Kind> endpoints = new ConcurrentHashMap<>();
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final X509Bundle certificate;
    private final JsonServer server;

    private WebhookSimulator(int port, X509Bundle certificate) {
        super(DIALECT);
        this.certificate = certificate;
        this.server = JsonServer.start(port, new Api(), script(), certificate);
    }

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any that is free
     */
    public static WebhookSimulator start(int port) {
        return new WebhookSimulator(port, null);
    }

    /**
     * Starts to listen on 127.0.0.1, over TLS with a certificate of its own.
     *
     * @param port 0 for any that is free
     */
    public static WebhookSimulator startWithTls(int port) {
        return new WebhookSimulator(port, LoopbackCertificate.make());
    }

    /** Returns the certificate to trust, in PEM. */
    public String certificatePem() {
        return certificate.getCertificatePEM();
    }

    /** Returns where it listens. */
    public URI url() {
        return server.url();
    }

    /** Opens an endpoint and returns its URL. */
    public String open(Kind kind) {
        String path = "/" + kind + "/" + UUID.randomUUID();
        endpoints.put(path, kind);
        return server.url() + path;
    }

    /** Closes an endpoint for good. */
    public void close(String url) {
        endpoints.remove(URI.create(url).getPath());
    }

    /** Believes those webhooks alone, from now on, that are signed with one of {@code accepted}, whsec_ and base64. */
    public void believe(String... accepted) {
        secrets.clear();
        secrets.addAll(List.of(accepted));
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Api implements JsonServer.Api {
        @Override
        public JsonServer.Reply handle(HttpServerRequest request, Buffer body) {
            Kind kind = endpoints.get(request.path());
            if (kind == null) {
                return missing(request.path());
            }
            String raw = body.toString(UTF_8);
            try {
                JsonObject json = new JsonObject(raw);
                return switch (kind) {
                    case WEBHOOK -> webhook(request, raw, json);
                    case SLACK -> slack(request, raw, json);
                    case TEAMS -> teams(request, raw, json);
                };
            } catch (DecodeException | ClassCastException | NullPointerException malformed) {
                return error(400, kind == Kind.SLACK ? "invalid_payload" : "malformed", "");
            }
        }

        @Override
        public String deliveryId(HttpServerRequest request, Buffer body) {
            return Objects.requireNonNullElse(request.getHeader("webhook-id"), "");
        }

        @Override
        public JsonServer.Reply error(int status, String code, String message) {
            return new JsonServer.Reply(status, Map.of("Content-Type", "text/plain"), code);
        }

        private JsonServer.Reply missing(String path) {
            if (path.startsWith("/" + Kind.SLACK)) {
                return error(404, "no_service", "");
            }
            return path.startsWith("/" + Kind.TEAMS) ? error(404, "WorkflowNotFound", "") : error(410, "gone", "");
        }

        private JsonServer.Reply webhook(HttpServerRequest request, String raw, JsonObject json) {
            String id = request.getHeader("webhook-id");
            String timestamp = request.getHeader("webhook-timestamp");
            String signatures = request.getHeader("webhook-signature");
            if (id == null || timestamp == null || signatures == null || !genuine(id, timestamp, signatures, raw)) {
                return error(401, "unsigned", "");
            }
            JsonObject data = json.getJsonObject("data");
            take(request, data.getString("title"), data.getString("body"), data.getString("link"), raw);
            return JsonServer.Reply.json(200, new JsonObject());
        }

        private JsonServer.Reply slack(HttpServerRequest request, String raw, JsonObject json) {
            List<JsonObject> blocks = objects(json.getJsonArray("blocks", new JsonArray()));
            if (blocks.isEmpty() && json.getString("text", "").isEmpty()) {
                return error(400, "no_text", "");
            }
            List<String> plain = new ArrayList<>();
            String link = null;
            for (JsonObject block : blocks) {
                JsonObject text = block.getJsonObject("text");
                String words = text.getString("text");
                Integer longest = SLACK_LONGEST.get(block.getString("type"));
                if (longest == null || words.isEmpty() || words.length() > longest) {
                    return error(400, "invalid_blocks", "");
                }
                if (text.getString("type").equals("plain_text")) {
                    plain.add(unescaped(words));
                } else {
                    link = unescaped(words.substring(1, words.length() - 1));
                }
            }
            if (blocks.size() > SLACK_MOST_BLOCKS || plain.isEmpty()) {
                return error(400, "invalid_blocks", "");
            }
            take(request, plain.get(0), String.join("", plain.subList(1, plain.size())), link, raw);
            return new JsonServer.Reply(200, Map.of("Content-Type", "text/html"), "ok");
        }

        private JsonServer.Reply teams(HttpServerRequest request, String raw, JsonObject json) {
            if (raw.getBytes(UTF_8).length > TEAMS_MOST_BYTES) {
                return error(413, "RequestEntityTooLarge", "");
            }
            JsonObject attachment = json.getJsonArray("attachments").getJsonObject(0);
            JsonObject card = attachment.getJsonObject("content");
            boolean known = json.getString("type").equals("message")
                    && attachment.getString("contentType").equals("application/vnd.microsoft.card.adaptive")
                    && card.getString("type").equals("AdaptiveCard");
            if (!known) {
                return error(400, "InvalidCard", "");
            }
            List<String> texts = objects(card.getJsonArray("body")).stream()
                    .map(block -> objects(block.getJsonArray("inlines")).stream()
                            .map(run -> run.getString("text"))
                            .collect(Collectors.joining()))
                    .toList();
            JsonArray actions = card.getJsonArray("actions");
            String link = actions == null ? null : actions.getJsonObject(0).getString("url");
            take(request, texts.get(0), texts.get(1), link, raw);
            return new JsonServer.Reply(202, Map.of(), "");
        }
    }

    private void take(HttpServerRequest request, String title, String body, String link, String raw) {
        String signatures = request.getHeader("webhook-signature");
        keep(new WebhookPost(
                Instant.now(),
                request.getHeader("webhook-id"),
                server.url() + request.path(),
                title,
                body,
                link,
                signatures == null ? 0 : signatures.split(" ", -1).length,
                raw));
    }

    private boolean genuine(String id, String timestamp, String signatures, String body) {
        try {
            Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), Instant.now());
            if (age.abs().compareTo(TOLERANCE) > 0) {
                return false;
            }
            for (String secret : secrets) {
                byte[] expected = hmac(secret, id + "." + timestamp + "." + body);
                for (String each : signatures.split(" ", -1)) {
                    if (each.startsWith("v1,")
                            && MessageDigest.isEqual(
                                    expected, Base64.getDecoder().decode(each.substring(3)))) {
                        return true;
                    }
                }
            }
            return false;
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    private static byte[] hmac(String secret, String text) throws GeneralSecurityException {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }
}
