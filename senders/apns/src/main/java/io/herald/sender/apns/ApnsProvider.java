package io.herald.sender.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apple's two push services, production and sandbox, each over a few long-lived connections that are opened when first
 * needed.
 *
 * <p>Pushy queues without a limit and sets none to the wait for an answer: the loop in front of it does both.
 */
final class ApnsProvider implements Provider {
    private static final Logger LOG = LoggerFactory.getLogger(ApnsProvider.class);
    private static final Pattern TOKEN = Pattern.compile("[0-9A-Fa-f]{2,400}");
    private static final int THREADS = 2;
    private static final long CLOSE_SECONDS = 5;

    // One for both environments, so that it can be closed without the two seconds that each client would take.
    private final EventLoopGroup loops = loops();
    private final Map<Environment, ApnsClient> clients = new EnumMap<>(Environment.class);
    private final String topic;

    ApnsProvider(ApnsConfig config) {
        this.topic = config.topic();
        ApnsSigningKey key = key(config);
        clients.put(Environment.PRODUCTION, client(config, config.production(), key, loops));
        clients.put(Environment.SANDBOX, client(config, config.sandbox(), key, loops));
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        String app = delivery.getApp() == null ? topic : delivery.getApp();
        if (app.isEmpty()) {
            return CompletableFuture.completedFuture(
                    Outcome.Misconfigured.ofSome("no topic for a delivery without app"));
        }
        if (!TOKEN.matcher(delivery.getAddress()).matches()) {
            // It would be part of a path: what is no token never leaves.
            return CompletableFuture.completedFuture(ApnsAnswers.refused(400, "BadDeviceToken", null));
        }
        WatchedNotification notification = new WatchedNotification(delivery, app);
        return clients.get(delivery.getEnvironment())
                .sendNotification(notification)
                .handle((response, failure) ->
                        failure == null ? answered(response) : unanswered(notification, failure));
    }

    private static Outcome answered(PushNotificationResponse<WatchedNotification> response) {
        return response.isAccepted()
                ? new Outcome.Accepted(response.getApnsId().toString())
                : ApnsAnswers.refused(
                        response.getStatusCode(),
                        response.getRejectionReason().orElse(""),
                        response.getTokenInvalidationTimestamp().orElse(null));
    }

    private static Outcome unanswered(WatchedNotification notification, Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return notification.written()
                ? new Outcome.Unknown("no answer: " + name)
                : Outcome.Retry.ofAll(Duration.ZERO, "no connection: " + name);
    }

    @Override
    public void close() {
        List<CompletableFuture<Void>> closing =
                clients.values().stream().map(ApnsClient::close).toList();
        try {
            for (CompletableFuture<Void> each : closing) {
                Void unused = each.get(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn("A client of APNs does not close in good order", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            Future<?> unused = loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @SuppressWarnings("deprecation") // The only kind that pushy 0.15 knows a channel for.
    private static EventLoopGroup loops() {
        return new NioEventLoopGroup(THREADS, new DefaultThreadFactory("apns"));
    }

    private static ApnsSigningKey key(ApnsConfig config) {
        try {
            return ApnsSigningKey.loadFromPkcs8File(config.keyFile().toFile(), config.teamId(), config.keyId());
        } catch (IOException | GeneralSecurityException unusable) {
            throw new ConfigException(
                    ApnsConfig.KEY_FILE, config.keyFile(), "No signing key: " + unusable.getMessage());
        }
    }

    private static ApnsClient client(
            ApnsConfig config, ApnsConfig.Server server, ApnsSigningKey key, EventLoopGroup loops) {
        ApnsClientBuilder builder = new ApnsClientBuilder()
                .setApnsServer(server.host(), server.port())
                .setSigningKey(key)
                .setEventLoopGroup(loops)
                .setConcurrentConnections(config.connections())
                .setConnectionTimeout(config.connectTimeout());
        if (config.trusted() != null) {
            builder.setTrustedServerCertificateChain(config.trusted().toFile());
        }
        try {
            return builder.build();
        } catch (IOException unusable) {
            throw new ConfigException(ApnsConfig.TRUSTED_FILE, config.trusted(), unusable.getMessage());
        }
    }
}
