package io.herald.sender.webpush;

import com.zerodeplibs.webpush.MessageEncryptions;
import com.zerodeplibs.webpush.PushMessage;
import com.zerodeplibs.webpush.VAPIDKeyPair;
import io.herald.egress.Exchange;
import io.herald.egress.GuardedHttp;
import io.herald.schema.Delivery;
import io.herald.secret.SecretFiles;
import io.herald.secret.SecretSetting;
import io.herald.sender.DaemonThreads;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;

/**
 * The push services of browsers (RFC 8030), each message encrypted for the browser (RFC 8291) and signed with the key
 * that its subscription is bound to (RFC 8292).
 *
 * <p>A repeat of a delivery replaces its first copy for as long as that waits, by its Topic; the service worker knows
 * one that was shown already by its delivery id.
 */
final class WebPushProvider implements Provider {
    private static final int TOO_LARGE = 413;

    private final WebPushConfig config;
    private final SecretFiles<VapidKeys> keys;
    private final VapidHeaders vapid;
    private final GuardedHttp http;
    private final PushServices services = new PushServices();
    private final WebPushAnswers answers = new WebPushAnswers(services);
    private final Clock clock = Clock.systemUTC();
    /** For encryption, which takes longer than all else. What waits for it is bounded by what is in flight. */
    private final ExecutorService threads;

    /**
     * Connects nothing yet, but reads the keys.
     *
     * @param callsMax how many calls there may be at a time
     * @param requestTimeout how long each may take; the service has a tenth less, so that its silence is told from ours
     * @throws ConfigException if the keys cannot be read
     */
    WebPushProvider(WebPushConfig config, int callsMax, Duration requestTimeout) {
        this.config = config;
        this.keys = keys(config);
        this.vapid = new VapidHeaders(config.subject());
        this.http = new GuardedHttp(config.egress(), requestTimeout.minus(requestTimeout.dividedBy(10)), callsMax);
        this.threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), new DaemonThreads("webpush"));
    }

    private static SecretFiles<VapidKeys> keys(WebPushConfig config) {
        return SecretSetting.read(
                WebPushConfig.KEYS_FILE,
                List.of(config.keysFile()),
                "No VAPID keys",
                contents -> VapidKeys.parse(contents.get(0)));
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        return CompletableFuture.supplyAsync(() -> attempt(delivery), threads).thenCompose(Function.identity());
    }

    private CompletionStage<Outcome> attempt(Delivery delivery) {
        Optional<Subscription> parsed = Subscription.parse(delivery.getAddress());
        if (parsed.isEmpty()) {
            // Nothing can ever be encrypted for it.
            return CompletableFuture.completedFuture(new Outcome.AddressGone(null, "not a push subscription"));
        }
        Subscription subscription = parsed.get();
        if (!config.allows(subscription.endpoint().getHost())) {
            return CompletableFuture.completedFuture(new Outcome.Rejected("not a push service that is allowed"));
        }
        String keyId = delivery.getApp() == null ? config.defaultKey() : delivery.getApp();
        Optional<VAPIDKeyPair> key = keys.get().find(keyId);
        if (key.isEmpty()) {
            return CompletableFuture.completedFuture(Outcome.Misconfigured.ofSome("no VAPID key of this id"));
        }
        Duration held = services.held(subscription.origin(), clock.instant());
        if (!held.isZero()) {
            return CompletableFuture.completedFuture(Outcome.Retry.ofOne(held, "the push service asked to wait"));
        }
        return post(subscription, key.get(), delivery, WebPushMessage.payload(delivery))
                // It was not taken, so this is no repeat.
                .thenCompose(first -> first instanceof Exchange.Answered answered && answered.status() == TOO_LARGE
                        ? post(subscription, key.get(), delivery, WebPushMessage.idsOnly(delivery))
                        : CompletableFuture.completedFuture(first))
                .thenApply(exchange -> answers.outcome(
                        subscription.origin(), keyId, delivery.getFailures() > 0, exchange, clock.instant()));
    }

    private CompletionStage<Exchange> post(
            Subscription subscription, VAPIDKeyPair key, Delivery delivery, byte[] payload) {
        Instant now = clock.instant();
        Map<String, String> headers = new HashMap<>(WebPushMessage.headers(delivery, now));
        headers.put("Authorization", vapid.authorization(key, subscription.endpoint(), subscription.origin(), now));
        // One for each message: it keeps a Mac, and of two threads on one, each writes what no browser can read.
        byte[] body = MessageEncryptions.of()
                .encrypt(subscription.keys(), PushMessage.of(payload))
                .toBytes();
        return http.post(subscription.endpoint(), headers, body);
    }

    @Override
    public void close() {
        threads.shutdown();
        http.close();
    }
}
