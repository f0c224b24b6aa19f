package io.herald.bench;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.sender.SenderApp;
import io.herald.sender.SenderConfig;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;

/** A provider that takes all it is given, after a time, and costs next to nothing: what is left is the loop. */
final class TimedProvider implements Provider {
    /** How long a call takes, in milliseconds. */
    static final int TAKES_MS = 2;
    /** Whether a user's deliveries go one after the other. */
    static final String IN_ORDER = "in.order";

    private final HashedWheelTimer timer = new HashedWheelTimer(1, TimeUnit.MILLISECONDS);
    private final boolean inOrder;

    TimedProvider(boolean inOrder) {
        this.inOrder = inOrder;
    }

    /** Starts Herald's loops in front of it. */
    static SenderApp start(Map<String, String> properties) {
        Map<String, String> settings = new HashMap<>(properties);
        boolean inOrder = Boolean.parseBoolean(settings.remove(IN_ORDER));
        return SenderApp.start(SenderConfig.from(Route.APNS, settings, new ConfigDef()), new TimedProvider(inOrder));
    }

    @Override
    public CompletableFuture<Outcome> send(Delivery delivery) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        Timeout unused = timer.newTimeout(
                late -> answer.complete(new Outcome.Accepted("provider-" + delivery.getDeliveryId())),
                TAKES_MS,
                TimeUnit.MILLISECONDS);
        return answer;
    }

    @Override
    public boolean inOrder() {
        return inOrder;
    }

    @Override
    public void close() {
        timer.stop();
    }
}
