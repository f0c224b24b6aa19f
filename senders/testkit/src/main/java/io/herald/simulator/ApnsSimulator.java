package io.herald.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * One environment of the Apple Push Notification service: HTTP/2 over TLS, provider tokens, and Apple's refusals.
 *
 * <p>A token that is not {@linkplain #register registered} is answered by 410 Unregistered with the time it was
 * {@linkplain #forget forgotten}, or now; one that is not 64 to 200 hexadecimal digits by 400 BadDeviceToken. A
 * notification whose {@code apns-expiration} has passed is accepted and, as by Apple, never shown: it is not among
 * {@link #received}.
 */
public final class ApnsSimulator extends Simulator<Push> {
    private static final Dialect DIALECT = new Dialect(
            "APNs",
            Answer.error(503, "ServiceUnavailable", ""),
            Answer.error(429, "TooManyRequests", ""),
            Answer.error(403, "ExpiredProviderToken", ""));

    private static final int STREAMS = 1_000;
    private static final int THREADS = 2;
    private static final int OK = 200;

    private final Clock clock = Clock.systemUTC();
    private final ApnsCredentials credentials;
    private final X509Bundle certificate;
    private final DeviceTokens tokens = new DeviceTokens(clock);
    private final ProviderTokens providerTokens;
    private final ApnsRules rules;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel server;

    private ApnsSimulator(int port, ApnsCredentials credentials) {
        super(DIALECT);
        this.credentials = credentials;
        this.providerTokens = new ProviderTokens(credentials, clock);
        this.rules = new ApnsRules(providerTokens, tokens);
        this.certificate = LoopbackCertificate.make();
        SslContext tls = tls(certificate);
        this.server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        if (script().breaksHandshake()) {
                            Future<?> unused = connection.close();
                            return;
                        }
                        connections.add(connection);
                        connection
                                .pipeline()
                                .addLast(tls.newHandler(connection.alloc()))
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .initialSettings(
                                                Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS))
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new ApnsStream(ApnsSimulator.this));
                                    }
                                }));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    /** Starts with credentials of its own; port 0 takes any that is free. */
    public static ApnsSimulator start(int port) {
        return start(port, ApnsCredentials.generate());
    }

    /** Starts, to accept what is signed with {@code credentials}; port 0 takes any that is free. */
    public static ApnsSimulator start(int port, ApnsCredentials credentials) {
        return new ApnsSimulator(port, credentials);
    }

    /** Returns what a provider signs its tokens with. */
    public ApnsCredentials credentials() {
        return credentials;
    }

    /** Takes what is signed with another key as well: a team may have several. */
    public void trust(ApnsCredentials more) {
        providerTokens.trust(more);
    }

    /** Takes nothing more that is signed with a key. */
    public void revoke(String keyId) {
        providerTokens.revoke(keyId);
    }

    /** Returns the certificate to trust, in PEM: for {@code localhost}, {@code 127.0.0.1} and {@code ::1}. */
    public String certificatePem() {
        return certificate.getCertificatePEM();
    }

    /** Makes a token valid for any topic. */
    public void register(String token) {
        tokens.register(token, null);
    }

    /** Makes a token valid for one topic: others are answered by DeviceTokenNotForTopic. */
    public void register(String token, String topic) {
        tokens.register(token, topic);
    }

    /** Makes a token invalid as of now, as if the app had been removed. */
    public void forget(String token) {
        tokens.forget(token);
    }

    /** Returns where it listens. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Returns how many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Says GOAWAY on all connections and closes them, as APNs does when a server is taken down. */
    public void goAway() {
        connections.forEach(ApnsSimulator::goAway);
    }

    private static void goAway(Channel connection) {
        Future<?> unused = connection
                .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void close() {
        if (loops.isShuttingDown()) {
            return;
        }
        server.close().syncUninterruptibly();
        connections.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Decides about a request; called on the thread of its connection. */
    void handle(ApnsRequest request, ApnsStream stream) {
        String id = request.headers().getOrDefault("apns-id", UUID.randomUUID().toString());
        Answer ordered = script().take();
        ApnsRules.Refusal refusal = ordered.ending() == Answer.Ending.ERROR
                ? new ApnsRules.Refusal(ordered.status(), ordered.code(), ordered.message())
                : rules.refusal(request);
        script().log(ordered, refusal == null ? OK : refusal.status(), () -> ApnsRules.json(request.payload())
                .path("deliveryId")
                .asText());
        if (refusal == null && ordered.ending() != Answer.Ending.TLS_BREAK) {
            take(request);
        }
        switch (ordered.ending()) {
            case USUAL, ERROR -> stream.answer(id, refusal, ordered.latency());
            case GARBAGE -> stream.garbage();
            case GOAWAY -> {
                stream.answer(id, refusal, Duration.ZERO);
                goAway(stream.connection());
            }
            case RESET -> stream.hangUp();
            case TLS_BREAK -> stream.breakTls();
            case SILENCE -> {
                // The stream stays open until the client gives up.
            }
        }
    }

    private void take(ApnsRequest request) {
        long expiration = Long.parseLong(request.headers().getOrDefault("apns-expiration", "0"));
        Instant until = expiration == 0 ? null : Instant.ofEpochSecond(expiration);
        Instant now = clock.instant();
        if (until != null && !until.isAfter(now)) {
            return;
        }
        JsonNode payload = ApnsRules.json(request.payload());
        JsonNode alert = payload.path("aps").path("alert");
        keep(new Push(
                now,
                payload.path("deliveryId").asText(),
                request.token(),
                alert.path("title").textValue(),
                alert.path("body").textValue(),
                payload.path("link").textValue(),
                request.header("apns-collapse-id"),
                request.headers().getOrDefault("apns-priority", "10"),
                until,
                ApnsRules.BACKGROUND.equals(request.header("apns-push-type")),
                payload.hasNonNull("seq") ? payload.path("seq").asLong() : null,
                clears(payload.path("herald").path("clear")),
                request.payload()));
    }

    private static List<Long> clears(JsonNode seqs) {
        List<Long> clears = new ArrayList<>();
        seqs.forEach(seq -> clears.add(seq.asLong()));
        return List.copyOf(clears);
    }

    private static SslContext tls(X509Bundle certificate) {
        try {
            return SslContextBuilder.forServer(certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                    .sslProvider(SslProvider.JDK)
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2))
                    .build();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot set up TLS", failure);
        }
    }
}
