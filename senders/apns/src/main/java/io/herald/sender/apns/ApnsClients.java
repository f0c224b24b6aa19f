package io.herald.sender.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.herald.schema.Environment;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigException;

/**
 * A client for each environment, that sign with one key. Pushy signs for each connection, so another key needs other
 * clients; these end when what they have under way has its answers. Thread-safe.
 */
final class ApnsClients {
    private final ApnsSigningKey key;
    private final EventLoopGroup loops;
    private final Map<Environment, ApnsClient> clients = new EnumMap<>(Environment.class);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** Those who use it: whoever hands it out, and each request. At 0 it is closed for good. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** Connects nothing yet. */
    ApnsClients(ApnsConfig config, ApnsSigningKey key, EventLoopGroup loops) {
        this.key = key;
        this.loops = loops;
        clients.put(Environment.PRODUCTION, client(config, config.production()));
        clients.put(Environment.SANDBOX, client(config, config.sandbox()));
    }

    /** Returns whether they sign with this key. */
    boolean signWith(ApnsSigningKey other) {
        return key.getKeyId().equals(other.getKeyId()) && key.getS().equals(other.getS());
    }

    /** Takes part in using it, until {@link #release}; false if it is too late. */
    boolean acquire() {
        return users.updateAndGet(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Ends what {@link #acquire} began. */
    void release() {
        if (users.decrementAndGet() == 0) {
            end();
        }
    }

    private void end() {
        CompletableFuture<Void> unused = close();
    }

    /** Takes no more requests, and closes when the last has its answer, or {@code patience} is over. */
    void retire(Duration patience) {
        release();
        Future<?> unused = loops.schedule(this::end, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    ApnsClient of(Environment environment) {
        return clients.get(environment);
    }

    /** Closes at once. */
    CompletableFuture<Void> close() {
        if (!closed.isDone()) {
            CompletableFuture<?>[] closing =
                    clients.values().stream().map(ApnsClient::close).toArray(CompletableFuture[]::new);
            CompletableFuture<Void> unused =
                    CompletableFuture.allOf(closing).whenComplete((nothing, failure) -> closed.complete(null));
        }
        return closed;
    }

    private ApnsClient client(ApnsConfig config, ApnsConfig.Server server) {
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
