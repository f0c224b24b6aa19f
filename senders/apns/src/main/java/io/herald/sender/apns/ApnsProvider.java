package io.herald.sender.apns;

import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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

    /** Longer than any request may take. */
    private static final Duration DRAIN = Duration.ofMinutes(2);

    // One for all clients, so that each can be closed without the two seconds that its own would take.
    private final EventLoopGroup loops = loops();
    private final ApnsConfig config;
    private final Supplier<ApnsSigningKey> keys;
    private volatile ApnsClients clients;

    ApnsProvider(ApnsConfig config) {
        this(config, ApnsKeys.of(config));
    }

    /**
     * Connects nothing yet.
     *
     * @param keys asked at each request for the key to sign with
     */
    ApnsProvider(ApnsConfig config, Supplier<ApnsSigningKey> keys) {
        this.config = config;
        this.keys = keys;
        this.clients = new ApnsClients(config, keys.get(), loops);
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        String app = delivery.getApp() == null ? config.topic() : delivery.getApp();
        if (app.isEmpty()) {
            return CompletableFuture.completedFuture(
                    Outcome.Misconfigured.ofSome("no topic for a delivery without app"));
        }
        if (!TOKEN.matcher(delivery.getAddress()).matches()) {
            // It would be part of a path: what is no token never leaves.
            return CompletableFuture.completedFuture(ApnsAnswers.refused(400, "BadDeviceToken", null, delivery));
        }
        ApnsKind kind = ApnsKind.of(app);
        if (delivery.getSilent() && !kind.canBeSilent()) {
            return CompletableFuture.completedFuture(new Outcome.Rejected("a push of this kind cannot be silent"));
        }
        WatchedNotification notification = new WatchedNotification(delivery, app, kind);
        ApnsClients its = acquire();
        return its.of(delivery.getEnvironment()).sendNotification(notification).handle((response, failure) -> {
            its.release();
            return failure == null ? answered(response, delivery) : unanswered(notification, failure);
        });
    }

    /** Returns clients that sign with the key of the hour; those of an older one end with their last answer. */
    private ApnsClients acquire() {
        ApnsSigningKey key = keys.get();
        if (!clients.signWith(key)) {
            renew(key);
        }
        ApnsClients current = clients;
        while (!current.acquire()) {
            current = clients;
        }
        return current;
    }

    private synchronized void renew(ApnsSigningKey key) {
        if (!clients.signWith(key)) {
            ApnsClients old = clients;
            clients = new ApnsClients(config, key, loops);
            old.retire(DRAIN);
            LOG.info("Signs with key {} from now on", key.getKeyId());
        }
    }

    private static Outcome answered(PushNotificationResponse<WatchedNotification> response, Delivery delivery) {
        return response.isAccepted()
                ? new Outcome.Accepted(response.getApnsId().toString())
                : ApnsAnswers.refused(
                        response.getStatusCode(),
                        response.getRejectionReason().orElse(""),
                        response.getTokenInvalidationTimestamp().orElse(null),
                        delivery);
    }

    private static Outcome unanswered(WatchedNotification notification, Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return notification.written()
                ? new Outcome.Unknown("no answer: " + name)
                : Outcome.Retry.ofAll(Duration.ZERO, "no connection: " + name);
    }

    @Override
    public void close() {
        try {
            Void unused = clients.close().get(CLOSE_SECONDS, TimeUnit.SECONDS);
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
}
