package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A push service and the browsers behind it, on loopback: it checks each message as RFC 8030 and RFC 8292 have it, and
 * reads it with the subscription's own keys (RFC 8291). The token of what it took is the subscription. Errors are
 * written as Mozilla's service writes them. Thread-safe.
 */
public final class WebPushSimulator extends Simulator<Push> {
    private static final Dialect DIALECT = new Dialect(
            "Web Push",
            Answer.error(503, "201", "Use exponential back-off for retries"),
            Answer.error(429, "201", "Too many requests"),
            Answer.error(403, "109", "Invalid VAPID authentication"));

    private static final Pattern PATH = Pattern.compile("/push/([0-9a-f-]{36})");
    private static final Pattern AUTHORIZATION = Pattern.compile("vapid t=([^, ]+), ?k=([^, ]+)");
    private static final Pattern TTL = Pattern.compile("\\d{1,9}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Set<String> URGENCIES = Set.of("very-low", "low", "normal", "high");
    private static final int MOST_BYTES = 4_096;
    private static final Duration LONGEST_CLAIM = Duration.ofHours(24);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Map<String, Browser> browsers = new ConcurrentHashMap<>();
    private final Map<String, ECPublicKey> senders = new ConcurrentHashMap<>();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final SecureRandom random = new SecureRandom();
    private final X509Bundle certificate;
    private final JsonServer server;
    private volatile int mostBytes = MOST_BYTES;

    private WebPushSimulator(int port, X509Bundle certificate) {
        super(DIALECT);
        this.certificate = certificate;
        this.server = JsonServer.start(port, new Api(), script(), certificate);
    }

    private record Browser(String subscription, KeyPair keys, String auth, String senderKey) {}

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any that is free
     */
    public static WebPushSimulator start(int port) {
        return new WebPushSimulator(port, null);
    }

    /**
     * Starts to listen on 127.0.0.1, over TLS with a certificate of its own.
     *
     * @param port 0 for any that is free
     */
    public static WebPushSimulator startWithTls(int port) {
        return new WebPushSimulator(port, LoopbackCertificate.make());
    }

    /** Returns the certificate to trust, in PEM. */
    public String certificatePem() {
        return certificate.getCertificatePEM();
    }

    /**
     * Returns new VAPID keys, publicKey and privateKey, as {@code web-push generate-vapid-keys --json} prints them.
     *
     * @throws GeneralSecurityException if this Java has no elliptic curves
     */
    public static JsonObject vapidKeys() throws GeneralSecurityException {
        KeyPair pair = P256.generate();
        return new JsonObject()
                .put("publicKey", BASE64.encodeToString(P256.bytes((ECPublicKey) pair.getPublic())))
                .put("privateKey", BASE64.encodeToString(P256.bytes((ECPrivateKey) pair.getPrivate())));
    }

    /** Returns where it listens. */
    public URI url() {
        return server.url();
    }

    /**
     * Subscribes a new browser.
     *
     * @param senderKey the VAPID public key that alone may send to it; null for any
     * @return the subscription, as {@code PushSubscription.toJSON()} makes it
     * @throws GeneralSecurityException if this Java has no elliptic curves
     */
    public String subscribe(String senderKey) throws GeneralSecurityException {
        String id = UUID.randomUUID().toString();
        KeyPair keys = P256.generate();
        byte[] auth = new byte[16];
        random.nextBytes(auth);
        String subscription = new JsonObject()
                .put("endpoint", server.url() + "/push/" + id)
                .putNull("expirationTime")
                .put(
                        "keys",
                        new JsonObject()
                                .put("p256dh", BASE64.encodeToString(P256.bytes((ECPublicKey) keys.getPublic())))
                                .put("auth", BASE64.encodeToString(auth)))
                .encode();
        browsers.put(id, new Browser(subscription, keys, BASE64.encodeToString(auth), senderKey));
        return subscription;
    }

    /** Ends a subscription, as when its browser takes back the permission. */
    public void unsubscribe(String subscription) {
        browsers.values().removeIf(browser -> browser.subscription().equals(subscription));
    }

    /** Takes no message of more than {@code bytes} from now on, as some services do not. */
    public void takeAtMost(int bytes) {
        mostBytes = bytes;
    }

    /** Returns how many different VAPID tokens came with them. */
    public int tokens() {
        return tokens.size();
    }

    /** Forgets messages and orders, but not the subscriptions. */
    @Override
    public void clear() {
        super.clear();
        tokens.clear();
        mostBytes = MOST_BYTES;
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
                return error(404, "102", "Not found");
            }
            Browser browser = browsers.get(path.group(1));
            if (browser == null) {
                return error(410, "106", "Subscription has expired or been unsubscribed");
            }
            String malformed = malformed(request);
            if (malformed != null) {
                return error(400, "110", malformed);
            }
            if (body.length() > mostBytes) {
                return error(413, "104", "Too much data");
            }
            Matcher authorization = AUTHORIZATION.matcher(String.valueOf(request.getHeader("Authorization")));
            if (!authorization.matches()
                    || !genuine(authorization.group(1), authorization.group(2))
                    || (browser.senderKey() != null && !browser.senderKey().equals(authorization.group(2)))) {
                return error(403, "109", "Invalid VAPID authentication");
            }
            tokens.add(authorization.group(1));
            return take(browser, request, body);
        }

        private JsonServer.Reply take(Browser browser, HttpServerRequest request, Buffer body) {
            try {
                String text = decrypt(browser, body);
                JsonObject message = new JsonObject(text);
                Instant now = Instant.now();
                JsonObject clears = message.getJsonObject("herald");
                keep(new Push(
                        now,
                        message.getString("deliveryId", ""),
                        browser.subscription(),
                        message.getString("title"),
                        message.getString("body"),
                        message.getString("link"),
                        request.getHeader("Topic"),
                        request.getHeader("Urgency"),
                        now.plusSeconds(Long.parseLong(request.getHeader("TTL"))),
                        clears != null,
                        message.getLong("seq"),
                        clears == null ? List.of() : numbers(clears.getJsonArray("clear")),
                        text));
                return new JsonServer.Reply(
                        201, Map.of("Location", server.url() + "/message/" + UUID.randomUUID()), "");
            } catch (GeneralSecurityException | DecodeException | ClassCastException unreadable) {
                // A real service cannot tell; the browser would throw it away.
                return error(400, "110", "The browser cannot read this: " + unreadable.getMessage());
            }
        }

        @Override
        public String deliveryId(HttpServerRequest request, Buffer body) {
            Matcher path = PATH.matcher(request.path());
            Browser browser = path.matches() ? browsers.get(path.group(1)) : null;
            try {
                return browser == null ? "" : new JsonObject(decrypt(browser, body)).getString("deliveryId", "");
            } catch (GeneralSecurityException | DecodeException unreadable) {
                return "";
            }
        }

        @Override
        public JsonServer.Reply error(int status, String code, String message) {
            return JsonServer.Reply.json(
                    status,
                    new JsonObject()
                            .put("code", status)
                            .put("errno", code)
                            .put("message", message)
                            .put("more_info", "http://autopush.readthedocs.io/en/latest/http.html#error-codes"));
        }
    }

    private static String decrypt(Browser browser, Buffer body) throws GeneralSecurityException {
        byte[] auth = Base64.getUrlDecoder().decode(browser.auth());
        return new String(WebPushCipher.decrypt(browser.keys(), auth, body.getBytes()), UTF_8);
    }

    private static String malformed(HttpServerRequest request) {
        String topic = request.getHeader("Topic");
        String urgency = request.getHeader("Urgency");
        if (!TTL.matcher(String.valueOf(request.getHeader("TTL"))).matches()) {
            return "Missing or bad TTL";
        }
        if (topic != null && !TOPIC.matcher(topic).matches()) {
            return "Bad Topic";
        }
        if (urgency != null && !URGENCIES.contains(urgency)) {
            return "Bad Urgency";
        }
        return "aes128gcm".equals(request.getHeader("Content-Encoding")) ? null : "Bad Content-Encoding";
    }

    /** Returns whether the claims are for this service, good for a day at most, and signed with {@code key}. */
    private boolean genuine(String token, String key) {
        try {
            ECPublicKey sender = senders.get(key);
            if (sender == null) {
                sender = P256.publicKey(Base64.getUrlDecoder().decode(key));
                senders.put(key, sender);
            }
            SignedJWT signed = SignedJWT.parse(token);
            JWTClaimsSet claims = signed.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            Instant now = Instant.now();
            return claims.getAudience().equals(List.of(server.url().toString()))
                    && expires != null
                    && expires.toInstant().isAfter(now)
                    && !expires.toInstant().isAfter(now.plus(LONGEST_CLAIM))
                    && claims.getSubject() != null
                    && signed.verify(new ECDSAVerifier(sender));
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    private static List<Long> numbers(JsonArray array) {
        return array.stream().map(each -> ((Number) each).longValue()).collect(Collectors.toList());
    }
}
