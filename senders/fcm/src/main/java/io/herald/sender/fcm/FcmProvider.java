package io.herald.sender.fcm;

import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.auth.Retryable;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.messaging.FirebaseMessaging;
import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.config.ConfigException;

/**
 * Sends to Firebase Cloud Messaging, HTTP v1, by Firebase's own client.
 *
 * <p>A repeat of a delivery replaces its first copy on the screen, by the notification's tag. A silent delivery is a
 * message of data alone.
 */
public final class FcmProvider implements Provider {
    private final FirebaseApp app;
    private final FirebaseMessaging messaging;
    private final Clock clock = Clock.systemUTC();

    /**
     * Connects nothing yet, but reads the credentials.
     *
     * @param callsMax how many calls there may be at a time
     * @param requestTimeout how long each may take
     * @throws ConfigException if the credentials cannot be read
     */
    public FcmProvider(FcmConfig config, int callsMax, Duration requestTimeout) {
        FirebaseOptions options = FirebaseOptions.builder()
                .setCredentials(credentials(config))
                .setProjectId(config.project())
                .setHttpTransport(new FcmTransport(config.url(), config.connectTimeout(), requestTimeout))
                .setThreadManager(new FcmThreads(callsMax))
                .build();
        // Firebase keeps its apps by name, for the whole JVM.
        this.app = FirebaseApp.initializeApp(options, "herald-" + UUID.randomUUID());
        this.messaging = FirebaseMessaging.getInstance(app);
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        FcmMessage built;
        try {
            built = FcmMessage.of(delivery, clock.instant());
        } catch (IllegalArgumentException unfit) {
            return CompletableFuture.completedFuture(new Outcome.Rejected(unfit.getMessage()));
        }
        if (!built.fits()) {
            return CompletableFuture.completedFuture(
                    new Outcome.Rejected("payload of " + built.bytes() + " bytes: the limit is " + FcmMessage.LIMIT));
        }
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        try {
            ApiFutures.addCallback(messaging.sendAsync(built.message()), new Answered(answer), Runnable::run);
        } catch (RejectedExecutionException full) {
            answer.complete(Outcome.Retry.ofAll(Duration.ZERO, "all threads are busy"));
        }
        return answer;
    }

    @Override
    public void close() {
        app.delete();
    }

    private static GoogleCredentials credentials(FcmConfig config) {
        if (config.accessToken() != null) {
            return GoogleCredentials.create(new AccessToken(config.accessToken(), null));
        }
        try (InputStream file = Files.newInputStream(config.credentials())) {
            return GoogleCredentials.fromStream(file);
        } catch (IOException unreadable) {
            throw new ConfigException(
                    FcmConfig.CREDENTIALS_FILE,
                    config.credentials(),
                    "Not a readable service account key: " + unreadable.getMessage());
        }
    }

    /** Tells what a failed call came to. */
    private static Outcome failed(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof FcmCallException call) {
                return call.outcome();
            }
            // No access token, hence no request yet.
            if (each instanceof Retryable credentials) {
                return credentials.isRetryable()
                        ? Outcome.Retry.ofAll(Duration.ZERO, "no access token")
                        : Outcome.Misconfigured.ofAll("no access token: the service account is refused");
            }
        }
        return new Outcome.Unknown(failure.getClass().getSimpleName());
    }

    private static final class Answered implements ApiFutureCallback<String> {
        private final CompletableFuture<Outcome> answer;

        Answered(CompletableFuture<Outcome> answer) {
            this.answer = answer;
        }

        @Override
        public void onSuccess(String name) {
            answer.complete(new Outcome.Accepted(name));
        }

        @Override
        public void onFailure(Throwable failure) {
            answer.complete(failed(failure));
        }
    }
}
