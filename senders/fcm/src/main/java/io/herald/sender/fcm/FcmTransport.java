package io.herald.sender.fcm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import io.herald.sender.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Carries Firebase's calls over the JDK's client, to an address of our choice: Firebase's own is hard-wired.
 *
 * <p>Every call ends within its timeout, and makes one request: a POST is never repeated here. One that is not answered
 * with success ends in an {@link FcmCallException}.
 */
final class FcmTransport extends HttpTransport {
    private static final String GOOGLE = "https://fcm.googleapis.com";
    /** Set by the client itself, or asking for what it does not do. */
    private static final Set<String> NOT_OURS = Set.of("accept-encoding", "connection", "content-length", "host");

    private final String base;
    private final Duration requestTimeout;
    private final HttpClient client;

    /**
     * Creates a transport.
     *
     * @param base replaces {@value #GOOGLE}
     * @param requestTimeout from the call to the answer's last byte
     */
    FcmTransport(URI base, Duration connectTimeout, Duration requestTimeout) {
        this.base = base.toString().replaceAll("/+$", "");
        this.requestTimeout = requestTimeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version("https".equals(base.getScheme()) ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        if (!url.startsWith(GOOGLE + "/")) {
            throw new IllegalArgumentException("not a call of FCM");
        }
        return new Call(method, URI.create(base + url.substring(GOOGLE.length())));
    }

    private final class Call extends LowLevelHttpRequest {
        private final String method;
        private final HttpRequest.Builder request;

        Call(String method, URI url) {
            this.method = method;
            this.request = HttpRequest.newBuilder(url);
        }

        @Override
        public void addHeader(String name, String value) {
            if (!NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            if (getStreamingContent() != null) {
                getStreamingContent().writeTo(body);
            }
            if (getContentType() != null) {
                request.header("Content-Type", getContentType());
            }
            request.method(method, HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
            HttpResponse<byte[]> response = exchange(request.build());
            if (response.statusCode() / 100 != 2) {
                throw new FcmCallException(FcmErrors.outcome(
                        response.statusCode(),
                        response.headers().firstValue("Retry-After").orElse(null),
                        new String(response.body(), UTF_8),
                        Instant.now()));
            }
            return new FcmResponse(response);
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws FcmCallException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new FcmCallException(
                    new Outcome.Unknown("no answer within " + requestTimeout.toMillis() + " ms"), late);
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new FcmCallException(new Outcome.Unknown("interrupted"), interrupted);
        } catch (ExecutionException failure) {
            throw new FcmCallException(failed(failure.getCause()), failure);
        }
    }

    /** Only what failed before the request could leave is known not to have been taken. */
    private static Outcome failed(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof HttpConnectTimeoutException
                    || each instanceof ConnectException
                    || each instanceof UnresolvedAddressException
                    || each instanceof SSLHandshakeException) {
                return Outcome.Retry.ofAll(Duration.ZERO, "not connected: " + name);
            }
        }
        return new Outcome.Unknown("connection lost: " + name);
    }
}
