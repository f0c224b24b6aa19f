package io.herald.bench;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Pushy, with as many connections and threads as Herald's sender has, and payloads of the same form and size. */
final class BarePushy implements BareProcess.Client {
    static final int CONNECTIONS = 2;

    private static final int THREADS = 2;

    private final ApnsClient client;
    private final Instant until = Instant.now().plus(Duration.ofHours(1));

    @SuppressWarnings("deprecation") // The only kind that pushy 0.15 knows a channel for.
    BarePushy(Map<String, String> settings) {
        String server = settings.get("apns.production.server");
        int colon = server.indexOf(':');
        try {
            client = new ApnsClientBuilder()
                    .setApnsServer(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)))
                    .setSigningKey(ApnsSigningKey.loadFromPkcs8File(
                            new File(settings.get("apns.key.file")),
                            settings.get("apns.team.id"),
                            settings.get("apns.key.id")))
                    .setTrustedServerCertificateChain(new File(settings.get("apns.trusted.certificates.file")))
                    .setConcurrentConnections(CONNECTIONS)
                    .setEventLoopGroup(new NioEventLoopGroup(THREADS))
                    .build();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void send(int number, BareProcess.Done done) {
        UUID id = new UUID(SenderLoad.PLAIN, number);
        String text = id.toString();
        CompletableFuture<Void> unused = client.sendNotification(new SimpleApnsPushNotification(
                        SenderLoad.apnsToken(number),
                        SenderLoad.APP,
                        payload(number, text),
                        until,
                        DeliveryPriority.IMMEDIATE,
                        PushType.ALERT,
                        text,
                        id))
                .handle((response, failure) -> {
                    done.with(
                            failure != null || response.isAccepted()
                                    ? failure
                                    : new IllegalStateException("status " + response.getStatusCode()));
                    return null;
                });
    }

    private static String payload(int number, String id) {
        return "{\"aps\":{\"alert\":{\"title\":\"" + SenderLoad.title(number) + "\",\"body\":\""
                + SenderLoad.body(number) + "\"},\"sound\":\"default\"},\"notificationId\":\"" + id
                + "\",\"deliveryId\":\"" + id + "\",\"link\":\"" + SenderLoad.link(number) + "\"}";
    }
}
