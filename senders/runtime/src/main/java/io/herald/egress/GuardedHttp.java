package io.herald.egress;

import io.herald.sender.DaemonThreads;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.function.Callback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP client for URLs that strangers gave. It calls public addresses by https and nothing else, follows no
 * redirect, keeps no cookie, unpacks nothing, reads no more of an answer than it is told to, and makes each request
 * once.
 *
 * <p>Thread-safe. Each call ends within the timeout, with an {@link Exchange} and never with an exception. HTTP/1.1,
 * over connections that are kept for five minutes at most, so that a name that moves is followed.
 */
public final class GuardedHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedHttp.class);
    private static final int IO_THREADS = 2;
    private static final int LOOKUPS_MAX = 16;
    private static final long IDLE_SECONDS = 30;

    private final EgressConfig config;
    private final Duration timeout;
    private final Destinations destinations;
    private final CloseableHttpAsyncClient client;
    /** For names, as Java's look-up blocks: the client repeats it when it connects, from what Java keeps for 30 s. */
    private final ThreadPoolExecutor lookups;

    private volatile boolean closing;

    /**
     * Connects nothing yet.
     *
     * @param timeout for each call, from the look-up to the last byte
     * @param callsMax how many connections there may be
     */
    public GuardedHttp(EgressConfig config, Duration timeout, int callsMax) {
        this(config, timeout, callsMax, InetAddress::getAllByName);
    }

    GuardedHttp(EgressConfig config, Duration timeout, int callsMax, Destinations.Names names) {
        this.config = config;
        this.timeout = timeout;
        this.destinations = new Destinations(config, names);
        this.client = client(config, timeout, callsMax, destinations, this::stopped);
        this.lookups = new ThreadPoolExecutor(
                LOOKUPS_MAX,
                LOOKUPS_MAX,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads("egress"));
        lookups.allowCoreThreadTimeOut(true);
        client.start();
    }

    private static CloseableHttpAsyncClient client(
            EgressConfig config,
            Duration timeout,
            int callsMax,
            Destinations destinations,
            Callback<Exception> stopped) {
        Timeout connect = Timeout.of(config.connectTimeout());
        return HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setDnsResolver(destinations)
                        .setMaxConnTotal(callsMax)
                        .setMaxConnPerRoute(Math.min(callsMax, config.connectionsPerHost()))
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                                .setHandshakeTimeout(connect)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(Timeout.of(timeout))
                                .setTimeToLive(TimeValue.ofMinutes(5))
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .build())
                        .build())
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(IO_THREADS)
                        .setSoTimeout(Timeout.of(timeout))
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .setResponseTimeout(Timeout.of(timeout))
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setIoReactorExceptionCallback(stopped)
                .setUserAgent("Herald")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.ofSeconds(IDLE_SECONDS))
                .build();
    }

    /**
     * Makes one request. Returns at once.
     *
     * @param headers Content-Type among them
     */
    public CompletionStage<Exchange> post(URI url, Map<String, String> headers, byte[] body) {
        Optional<String> refusal = destinations.refusal(url);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(new Exchange.Forbidden(refusal.get()));
        }
        AsyncRequestBuilder request =
                AsyncRequestBuilder.post(url).setEntity(body, ContentType.parse(headers.get("Content-Type")));
        headers.forEach((name, value) -> {
            if (!name.equals("Content-Type")) {
                request.addHeader(name, value);
            }
        });
        Call call = new Call(url.getHost(), new WatchedRequest(request.build()));
        try {
            lookups.execute(call);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(new Exchange.NotConnected("closed"));
        }
        return call.outcome();
    }

    /** A reactor that is closed while a call is out complains of what closing it means. */
    private void stopped(Exception cause) {
        if (!closing) {
            LOG.error("An I/O thread has stopped", cause);
        }
    }

    @Override
    public void close() {
        closing = true;
        lookups.shutdownNow();
        client.initiateShutdown();
        try {
            client.awaitShutdown(TimeValue.ofSeconds(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        client.close(CloseMode.IMMEDIATE);
    }

    /** One request, and who waits for its end: the answer, a failure or the timeout, whichever is first. */
    private final class Call implements Runnable, FutureCallback<Exchange.Answered> {
        private final String host;
        private final WatchedRequest request;
        private final AnswerReader answer = new AnswerReader(config.responseBytes());
        private final CompletableFuture<Exchange> end = new CompletableFuture<>();

        Call(String host, WatchedRequest request) {
            this.host = host;
            this.request = request;
        }

        CompletionStage<Exchange> outcome() {
            return end.completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(exchange ->
                            exchange == null ? broken("none within " + timeout.toMillis() + " ms") : exchange);
        }

        @Override
        public void run() {
            try {
                // For its exceptions: the client will look the name up again.
                InetAddress[] unused = destinations.resolve(host);
                if (end.isDone()) {
                    return;
                }
                Future<Exchange.Answered> running = client.execute(request, answer, this);
                // After the answer this does nothing; before it, it ends the connection.
                CompletableFuture<Exchange> unusedToo = end.whenComplete((exchange, failure) -> running.cancel(true));
            } catch (UnknownHostException unknown) {
                failed(unknown);
            } catch (RuntimeException failure) {
                failed(failure);
            }
        }

        @Override
        public void completed(Exchange.Answered whole) {
            end.complete(whole);
        }

        @Override
        public void failed(Exception failure) {
            end.complete(
                    failure instanceof Destinations.NotPublicException
                            ? new Exchange.Forbidden("no public address")
                            : broken(failure.getClass().getSimpleName()));
        }

        @Override
        public void cancelled() {
            end.complete(broken("cancelled"));
        }

        private Exchange broken(String how) {
            Optional<Exchange.Answered> begun = answer.soFar();
            if (begun.isPresent()) {
                return begun.get();
            }
            return request.begun()
                    ? new Exchange.NoAnswer("no answer: " + how)
                    : new Exchange.NotConnected("not connected: " + how);
        }
    }
}
