package io.herald.sender.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.http.HttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.herald.sender.RetryAfter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.http.Header;

/**
 * The SDK's way to Twilio, over the JDK's client: one request for each call, to a base URL of our choice, with a limit
 * of time. The SDK's own makes up to three requests of one call, keeps the last one, and waits 30 s.
 */
final class TwilioTransport extends HttpClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** For the body, beyond what the answer's head may take: the JDK's own limit ends with that. */
    private static final Duration BODY = Duration.ofSeconds(1);

    private final java.net.http.HttpClient http;
    private final URI base;
    private final Duration requestTimeout;

    TwilioTransport(URI base, Duration connectTimeout, Duration requestTimeout) {
        this.base = base;
        this.requestTimeout = requestTimeout;
        this.http = java.net.http.HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Makes the one request. */
    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    /**
     * Makes the one request.
     *
     * @throws TwilioRefusal if the answer is none of success
     * @throws UncheckedIOException if there is no answer
     */
    @Override
    public Response makeRequest(Request request) {
        URI to = base.resolve(URI.create(request.getUrl()).getRawPath());
        HttpRequest posted = HttpRequest.newBuilder(to)
                .timeout(requestTimeout)
                .header("Authorization", request.getAuthString())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(request.encodeFormBody(), UTF_8))
                .build();
        CompletableFuture<HttpResponse<String>> call = http.sendAsync(posted, BodyHandlers.ofString(UTF_8));
        try {
            HttpResponse<String> answer = call.get(requestTimeout.plus(BODY).toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() / 100 != 2) {
                throw refusal(answer);
            }
            return new Response(answer.body(), answer.statusCode(), new Header[0]);
        } catch (ExecutionException lost) {
            throw new UncheckedIOException(
                    lost.getCause() instanceof IOException failure ? failure : new IOException(lost.getCause()));
        } catch (TimeoutException late) {
            call.cancel(true);
            throw new UncheckedIOException(new HttpTimeoutException("the answer does not end"));
        } catch (InterruptedException closed) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", closed));
        }
    }

    private static TwilioRefusal refusal(HttpResponse<String> answer) {
        String retryAfter = answer.headers().firstValue("Retry-After").orElse(null);
        return new TwilioRefusal(
                answer.statusCode(),
                code(answer.body()),
                RetryAfter.parse(retryAfter, Instant.now()).orElse(Duration.ZERO));
    }

    private static int code(String body) {
        try {
            return JSON.readTree(body).path("code").asInt(0);
        } catch (JsonProcessingException notTwilios) {
            return 0;
        }
    }
}
