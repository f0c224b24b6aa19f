package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twilio's Messages resource on loopback, as far as creating one goes, and the callbacks that Twilio makes of it,
 * signed as Twilio does. See https://www.twilio.com/docs/messaging/api/message-resource and
 * https://www.twilio.com/docs/usage/security#validating-requests. Thread-safe.
 */
public final class TwilioSimulator extends Simulator<SmsMessage> {
    /** The one account. */
    public static final String ACCOUNT = "AC" + "0".repeat(32);

    private static final Logger LOG = LoggerFactory.getLogger(TwilioSimulator.class);
    private static final Dialect DIALECT = new Dialect(
            "Twilio",
            Answer.error(503, "20503", "Service Unavailable"),
            Answer.error(429, "20429", "Too Many Requests"),
            Answer.error(401, "20003", "Authenticate"));

    private static final String PATH = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";
    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final int MOST_CHARACTERS = 1_600;
    private static final int MOST_SECONDS = 36_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final Set<String> optedOut = ConcurrentHashMap.newKeySet();
    private final Set<String> invalid = ConcurrentHashMap.newKeySet();
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonServer server;
    private volatile String authToken;
    private volatile URI callback;

    private TwilioSimulator(int port, String authToken) {
        super(DIALECT);
        this.authToken = authToken;
        this.server = JsonServer.start(port, new Api(), script());
    }

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any that is free
     * @param authToken the account's, with which callbacks are signed
     */
    public static TwilioSimulator start(int port, String authToken) {
        return new TwilioSimulator(port, authToken);
    }

    /** Returns where it listens. */
    public int port() {
        return server.port();
    }

    /** Returns what stands in for https://api.twilio.com. */
    public URI url() {
        return server.url();
    }

    /** Takes another auth token in place of the one of before. */
    public void authToken(String token) {
        authToken = token;
    }

    /** Takes an API key too. */
    public void apiKey(String sid, String secret) {
        keys.put(sid, secret);
    }

    /** Refuses messages to {@code number} from now on, as its owner has replied STOP; or takes them again. */
    public void optOut(String number, boolean stop) {
        if (stop) {
            optedOut.add(number);
        } else {
            optedOut.remove(number);
        }
    }

    /** Refuses messages to {@code number} from now on, as there is none. */
    public void invalid(String number) {
        invalid.add(number);
    }

    /** Says from now on of each message that it was delivered, once; {@code to} as in {@link #status}. */
    public void reportTo(URI to) {
        callback = to;
    }

    /**
     * Says what has become of a message.
     *
     * @param to where its callbacks are heard: what the public URL leads to
     * @param status such as delivered, or undelivered
     * @param errorCode null for none
     * @return the answer's status
     */
    public int status(URI to, SmsMessage message, String status, Integer errorCode)
            throws IOException, InterruptedException {
        Map<String, String> params = new TreeMap<>(Map.of(
                "AccountSid",
                ACCOUNT,
                "ApiVersion",
                "2010-04-01",
                "From",
                message.from(),
                "MessageSid",
                message.sid(),
                "MessageStatus",
                status,
                "SmsSid",
                message.sid(),
                "SmsStatus",
                status,
                "To",
                message.to()));
        if (errorCode != null) {
            params.put("ErrorCode", errorCode.toString());
        }
        return call(to, message.statusCallback(), params);
    }

    /**
     * Hands on what somebody has written.
     *
     * @param publicUrl as it would be configured for the number
     * @param to where it is heard: what {@code publicUrl} leads to
     * @param from whose phone
     * @param optOutType as Advanced Opt-Out says it; null without
     * @return the answer's status
     */
    public int reply(String publicUrl, URI to, String from, String body, String optOutType)
            throws IOException, InterruptedException {
        String sid = sid();
        Map<String, String> params = new TreeMap<>(Map.of(
                "AccountSid",
                ACCOUNT,
                "Body",
                body,
                "From",
                from,
                "MessageSid",
                sid,
                "NumMedia",
                "0",
                "SmsStatus",
                "received",
                "To",
                "+15005550006"));
        if (optOutType != null) {
            params.put("OptOutType", optOutType);
        }
        return call(to, publicUrl, params);
    }

    /** Returns the header X-Twilio-Signature of a form posted to {@code url}. */
    public static String signature(String authToken, String url, Map<String, String> params) {
        String signed = url
                + new TreeMap<>(params)
                        .entrySet().stream()
                                .map(each -> each.getKey() + each.getValue())
                                .collect(Collectors.joining());
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(authToken.getBytes(UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns {@code params} as the body of a form. */
    public static String form(Map<String, String> params) {
        return params.entrySet().stream()
                .map(each -> URLEncoder.encode(each.getKey(), UTF_8) + "=" + URLEncoder.encode(each.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private int call(URI to, String publicUrl, Map<String, String> params) throws IOException, InterruptedException {
        // What is behind # is Twilio's own: how often to repeat.
        String url = publicUrl.substring(0, publicUrl.indexOf('#') < 0 ? publicUrl.length() : publicUrl.indexOf('#'));
        String query = URI.create(url).getRawQuery();
        HttpRequest request = HttpRequest.newBuilder(query == null ? to : to.resolve("?" + query))
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .header("X-Twilio-Signature", signature(authToken, url, params))
                .POST(BodyPublishers.ofString(form(params)))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private void delivered(SmsMessage message) {
        try {
            status(callback, message, "delivered", null);
        } catch (IOException unheard) {
            // Twilio does not insist either.
            LOG.debug("Nobody hears a callback", unheard);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sid() {
        return "SM" + UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Api implements JsonServer.Api {
        @Override
        public JsonServer.Reply handle(HttpServerRequest request, Buffer body) {
            if (!authorized(request.getHeader("Authorization"))) {
                return error(401, "20003", "Authenticate");
            }
            if (!request.path().equals(PATH) || !HttpMethod.POST.equals(request.method())) {
                return error(404, "20404", "The requested resource was not found");
            }
            String type = String.valueOf(request.getHeader("Content-Type"));
            if (!type.startsWith("application/x-www-form-urlencoded")) {
                return error(415, "20415", "Unsupported Media Type");
            }
            String raw = body.toString(UTF_8);
            return create(params(raw), raw);
        }

        private boolean authorized(String header) {
            if (header == null || !header.startsWith("Basic ")) {
                return false;
            }
            String both = new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
            String user = both.substring(0, Math.max(0, both.indexOf(':')));
            String secret = user.equals(ACCOUNT) ? authToken : keys.get(user);
            return secret != null && both.equals(user + ":" + secret);
        }

        private JsonServer.Reply create(Map<String, String> params, String raw) {
            String to = params.getOrDefault("To", "");
            String text = params.getOrDefault("Body", "");
            String from = params.getOrDefault("From", params.getOrDefault("MessagingServiceSid", ""));
            String validity = params.get("ValidityPeriod");
            if (!E164.matcher(to).matches() || invalid.contains(to)) {
                return error(400, "21211", "The 'To' number " + to + " is not a valid phone number.");
            }
            if (from.isEmpty()) {
                return error(400, "21603", "A 'From' phone number is required.");
            }
            if (text.isEmpty()) {
                return error(400, "21602", "Message body is required.");
            }
            if (text.length() > MOST_CHARACTERS) {
                return error(400, "21617", "The concatenated message body exceeds the 1600 character limit.");
            }
            if (validity != null && (Integer.parseInt(validity) < 1 || Integer.parseInt(validity) > MOST_SECONDS)) {
                return error(400, "21620", "ValidityPeriod is out of range.");
            }
            if (optedOut.contains(to)) {
                return error(400, "21610", "Attempt to send to unsubscribed recipient");
            }
            String callback = params.getOrDefault("StatusCallback", "");
            SmsMessage message = new SmsMessage(
                    Instant.now(),
                    sid(),
                    delivery(callback),
                    to,
                    from,
                    text,
                    validity == null ? null : Integer.valueOf(validity),
                    callback,
                    raw);
            keep(message);
            if (callback != null && !message.statusCallback().isEmpty()) {
                CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> delivered(message));
            }
            return JsonServer.Reply.json(
                    201,
                    new JsonObject()
                            .put("sid", message.sid())
                            .put("account_sid", ACCOUNT)
                            .put("status", "queued")
                            .put("to", to)
                            .put("body", text)
                            .put("num_segments", "1")
                            .putNull("error_code"));
        }

        @Override
        public String deliveryId(HttpServerRequest request, Buffer body) {
            return delivery(params(body.toString(UTF_8)).getOrDefault("StatusCallback", ""));
        }

        @Override
        public JsonServer.Reply error(int status, String code, String message) {
            return JsonServer.Reply.json(
                    status,
                    new JsonObject()
                            .put("code", Integer.valueOf(code))
                            .put("message", message)
                            .put("more_info", "https://www.twilio.com/docs/errors/" + code)
                            .put("status", status));
        }
    }

    private static String delivery(String callback) {
        return callback.isEmpty()
                ? ""
                : params(String.valueOf(URI.create(callback).getRawQuery())).getOrDefault("delivery", "");
    }

    private static Map<String, String> params(String form) {
        Map<String, String> params = new TreeMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                params.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return params;
    }
}
