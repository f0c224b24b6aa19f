package io.herald.local.page;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the demonstration's page and its API on 127.0.0.1, until it is closed. */
public final class PageServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    static final String HOST = "127.0.0.1";
    private static final long WAIT_SECONDS = 20;
    private static final long BEAT_MILLIS = 15_000;

    private final Vertx vertx;
    private final HttpServer server;
    private final AutoCloseable clients;

    private PageServer(Vertx vertx, HttpServer server, AutoCloseable clients) {
        this.vertx = vertx;
        this.server = server;
        this.clients = clients;
    }

    /**
     * Starts to serve. Kafka with its topics and the registry with its schemas must be there; PostgreSQL may follow.
     * The ledger is shown from now on.
     *
     * @throws IllegalStateException if the port is taken
     */
    public static PageServer start(PageConfig config, Arrivals arrivals, Providers providers, Replies replies) {
        Happenings happenings = new Happenings();
        LedgerBook book = new LedgerBook();
        LedgerReader reader = new LedgerReader(config, book, happenings::tell);
        KafkaEvents events = new KafkaEvents(config.bootstrapServers(), config.registryUrl());
        AutoCloseable clients = () -> {
            reader.close();
            events.close();
        };
        reader.start();
        Backend backend = new Backend(
                arrivals,
                providers,
                replies,
                events,
                new PostgresBroadcasts(config.database()),
                book,
                happenings,
                config.tokens(),
                config.gateway());
        return serve(config.port(), backend, clients);
    }

    /** Serves {@code backend}, and closes {@code clients} in the end. */
    static PageServer serve(int port, Backend backend, AutoCloseable clients) {
        Happenings happenings = backend.happenings();
        Arrivals arrivals = backend.arrivals();
        arrivals.apns().onReceived().accept(push -> happenings.tell("push", ArrivalJson.push("apns", push)));
        arrivals.fcm().onReceived().accept(push -> happenings.tell("push", ArrivalJson.push("fcm", push)));
        arrivals.webPush().onReceived().accept(push -> happenings.tell("push", ArrivalJson.push("webpush", push)));
        arrivals.mails().onReceived().accept(mail -> happenings.tell("mail", ArrivalJson.mail(mail)));
        arrivals.messages().onReceived().accept(sms -> happenings.tell("sms", ArrivalJson.message(sms)));
        arrivals.posts().onReceived().accept(post -> happenings.tell("post", ArrivalJson.post(post)));

        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(4)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Router router = Router.router(vertx);
        router.route().handler(new Doorman(backend.gateway()));
        new PageApi(backend).mount(router);
        Assets.mount(router);
        vertx.setPeriodic(BEAT_MILLIS, beat -> happenings.beat());
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(60))
                .requestHandler(router);
        PageServer page = new PageServer(vertx, server, clients);
        try {
            server.listen(port, HOST).toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
            return page;
        } catch (ExecutionException | TimeoutException failure) {
            page.close();
            throw new IllegalStateException("the page cannot listen on port " + port, failure);
        } catch (InterruptedException interrupted) {
            page.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the page started", interrupted);
        }
    }

    /** Returns where it listens. */
    public int port() {
        return server.actualPort();
    }

    /** Returns the page's address. */
    public URI url() {
        return URI.create("http://" + HOST + ":" + port());
    }

    /** Stops to serve and lets go of Kafka. */
    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn("The page's server does not end", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            clients.close();
        } catch (Exception failure) { // AutoCloseable declares no less.
            LOG.warn("The page's Kafka clients do not end", failure);
        }
    }
}
