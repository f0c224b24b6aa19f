package io.herald.bench;

import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.internal.ApacheHttp2Transport;
import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;

/**
 * Google's firebase-admin as it comes: its threads, its transport, its queue. Only the way to the server leads to the
 * simulator, as its address cannot be set.
 */
final class BareFirebase implements BareProcess.Client {
    private final FirebaseMessaging messaging;

    BareFirebase(Map<String, String> settings) {
        URI simulator = URI.create(settings.get("fcm.url"));
        HttpRoute route = new HttpRoute(new HttpHost(simulator.getScheme(), simulator.getHost(), simulator.getPort()));
        messaging = FirebaseMessaging.getInstance(FirebaseApp.initializeApp(FirebaseOptions.builder()
                .setCredentials(GoogleCredentials.create(new AccessToken(settings.get("fcm.access.token"), null)))
                .setProjectId(settings.get("fcm.project.id"))
                .setHttpTransport(new ApacheHttp2Transport(ApacheHttp2Transport.defaultHttpAsyncClientBuilder()
                        .setRoutePlanner((target, context) -> route)
                        .build()))
                .build()));
    }

    @Override
    @SuppressWarnings("deprecation") // Registration tokens are what most devices have.
    public void send(int number, BareProcess.Done done) {
        String id = new UUID(SenderLoad.PLAIN, number).toString();
        Message message = Message.builder()
                .setToken(SenderLoad.fcmToken(number))
                .setNotification(Notification.builder()
                        .setTitle(SenderLoad.title(number))
                        .setBody(SenderLoad.body(number))
                        .build())
                .putData("deliveryId", id)
                .putData("notificationId", id)
                .putData("link", SenderLoad.link(number))
                .setAndroidConfig(AndroidConfig.builder()
                        .setTtl(3_600_000)
                        .setPriority(AndroidConfig.Priority.HIGH)
                        .build())
                .build();
        ApiFutures.addCallback(
                messaging.sendAsync(message),
                new ApiFutureCallback<>() {
                    @Override
                    public void onSuccess(String name) {
                        done.with(null);
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        done.with(failure);
                    }
                },
                Runnable::run);
    }
}
