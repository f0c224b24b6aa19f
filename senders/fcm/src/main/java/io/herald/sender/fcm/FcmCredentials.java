package io.herald.sender.fcm;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.Retryable;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.herald.secret.SecretSetting;
import io.herald.sender.DaemonThreads;
import io.herald.sender.Outcome;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;

/**
 * What FCM lets us in with: a service account, whose access tokens Google's library fetches and renews ahead of their
 * end, or one token that is given. A service account's file is read anew when it changes. Thread-safe.
 */
final class FcmCredentials implements AutoCloseable {
    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

    private final Supplier<GoogleCredentials> credentials;
    private final URI audience;
    private final ExecutorService refreshes = Executors.newSingleThreadExecutor(new DaemonThreads("fcm-token"));

    /** Reads them; throws {@link ConfigException} if they cannot be read. */
    FcmCredentials(FcmConfig config) {
        this.audience = config.url();
        this.credentials = config.accessToken() == null
                ? read(config.credentials())
                : fixed(GoogleCredentials.create(new AccessToken(config.accessToken(), null)));
    }

    /**
     * Returns the value of header Authorization. Completes at once but for the first time, and never with a failure:
     * without a token, the outcome is what it means for a delivery.
     */
    CompletableFuture<Access> access() {
        CompletableFuture<Access> access = new CompletableFuture<>();
        credentials.get().getRequestMetadata(audience, refreshes, new RequestMetadataCallback() {
            @Override
            public void onSuccess(Map<String, List<String>> headers) {
                access.complete(new Access(headers.get("Authorization").get(0), null));
            }

            @Override
            public void onFailure(Throwable failure) {
                boolean passing = !(failure instanceof Retryable known) || known.isRetryable();
                access.complete(new Access(
                        null,
                        passing
                                ? Outcome.Retry.ofAll(Duration.ZERO, "no access token")
                                : Outcome.Misconfigured.ofAll("no access token: the service account is refused")));
            }
        });
        return access;
    }

    /**
     * Access, or none.
     *
     * @param authorization null if there is none
     * @param refusal null if there is access
     */
    record Access(String authorization, Outcome refusal) {
        /** Keeps out the secret. */
        @Override
        public String toString() {
            return "Access[" + (refusal == null ? "granted" : refusal) + "]";
        }
    }

    @Override
    public void close() {
        refreshes.shutdownNow();
    }

    private static Supplier<GoogleCredentials> fixed(GoogleCredentials given) {
        return () -> given;
    }

    private static Supplier<GoogleCredentials> read(Path file) {
        return SecretSetting.read(
                FcmConfig.CREDENTIALS_FILE,
                List.of(file),
                "Not a readable service account key",
                contents -> GoogleCredentials.fromStream(new ByteArrayInputStream(contents.get(0)))
                        .createScoped(SCOPE));
    }
}
