package io.herald.sender.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.egress.Exchange;
import io.herald.egress.GuardedHttp;
import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;

/**
 * Endpoints of users and tenants: their own, signed as Standard Webhooks has it, and those of Slack and Teams. A user's
 * deliveries go out in order. Nothing hides a repeat; the header webhook-id tells of one.
 */
final class WebhookProvider implements Provider {
    private final Supplier<WebhookSecrets> secrets;
    private final Endpoints endpoints;
    private final GuardedHttp http;
    private final Clock clock;

    /**
     * Connects nothing yet, but reads the secrets.
     *
     * @param callsMax how many calls there may be at a time
     * @param requestTimeout how long each may take; the endpoint has a tenth less, so that its silence is told from
     *     ours
     * @throws ConfigException if the secrets cannot be read
     */
    WebhookProvider(WebhookConfig config, int callsMax, Duration requestTimeout, Clock clock) {
        this.secrets = WebhookSecrets.of(config.secretsFile());
        this.endpoints = new Endpoints(config.disableAfter(), config.disableFailures());
        this.http = new GuardedHttp(config.egress(), requestTimeout.minus(requestTimeout.dividedBy(10)), callsMax);
        this.clock = clock;
    }

    @Override
    public boolean inOrder() {
        return true;
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        URI url;
        try {
            url = new URI(delivery.getAddress());
        } catch (URISyntaxException malformed) {
            return CompletableFuture.completedFuture(new Outcome.AddressGone(null, "not a URL"));
        }
        Optional<WebhookFormat> named = WebhookFormat.of(delivery.getApp());
        if (named.isEmpty()) {
            return CompletableFuture.completedFuture(Outcome.Misconfigured.ofSome("no such format"));
        }
        WebhookFormat format = named.get();
        if (delivery.getSilent() && format != WebhookFormat.WEBHOOK) {
            return CompletableFuture.completedFuture(new Outcome.Rejected("a chat cannot take messages away"));
        }
        String body = format.body(delivery);
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("webhook-id", delivery.getDeliveryId());
        if (format == WebhookFormat.WEBHOOK && !sign(delivery, body, headers)) {
            return CompletableFuture.completedFuture(Outcome.Misconfigured.ofSome("no signing secret of the tenant"));
        }
        return http.post(url, headers, body.getBytes(UTF_8))
                .thenApply(exchange -> remembered(delivery, format, exchange));
    }

    private boolean sign(Delivery delivery, String body, Map<String, String> headers) {
        long now = clock.instant().getEpochSecond();
        Optional<String> signature = secrets.get().signature(delivery.getTenant(), delivery.getDeliveryId(), now, body);
        headers.put("webhook-timestamp", Long.toString(now));
        signature.ifPresent(value -> headers.put("webhook-signature", value));
        return signature.isPresent();
    }

    /** Returns what it came to, or that the endpoint is given up. */
    private Outcome remembered(Delivery delivery, WebhookFormat format, Exchange exchange) {
        Instant now = clock.instant();
        Outcome outcome = WebhookAnswers.outcome(format, delivery.getDeliveryId(), exchange, now);
        String endpoint = delivery.getTenant() + " " + delivery.getAddressId();
        if (outcome instanceof Outcome.Accepted) {
            endpoints.well(endpoint, now);
        } else if (!(outcome instanceof Outcome.AddressGone) && WebhookAnswers.failed(exchange)) {
            Optional<Instant> since = endpoints.failed(endpoint, now);
            if (since.isPresent()) {
                long hours = Duration.between(since.get(), now).toHours();
                return new Outcome.AddressGone(since.get(), "disabled after " + hours + " h of failure");
            }
        }
        return outcome;
    }

    @Override
    public void close() {
        http.close();
    }
}
