package io.herald.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Producers that post events over HTTP, each the next one when the one before was answered. */
final class IngestClients {
    private static final int CLIENTS = 64;
    private static final int ACCEPTED = 202;

    private final HttpClient http;
    private final int port;
    private final String key;
    private final AtomicLong made = new AtomicLong();

    private IngestClients(Vertx vertx, int port, String key) {
        this.http = vertx.createHttpClient(
                new HttpClientOptions(),
                new PoolOptions().setHttp1MaxSize(CLIENTS).setMaxWaitQueueSize(CLIENTS));
        this.port = port;
        this.key = key;
    }

    /** Takes port and key; each order says how many events, and how many in a request. */
    public static void main(String[] words) throws IOException {
        Vertx vertx = Vertx.vertx();
        IngestClients clients = new IngestClients(vertx, Integer.parseInt(words[0]), words[1]);
        Orders orders = new Orders(System.out);
        orders.done("");
        orders.obey(order -> Long.toString(clients.post(Long.parseLong(order.get(0)), Integer.parseInt(order.get(1)))));
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Returns the nanoseconds that it took until all were accepted. */
    private long post(long events, int bulk) {
        long end = made.get() + events;
        long start = System.nanoTime();
        List<Future<Void>> all = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Promise<Void> done = Promise.promise();
            next(end, bulk, done);
            all.add(done.future());
        }
        Future.all(all).toCompletionStage().toCompletableFuture().join();
        return System.nanoTime() - start;
    }

    private void next(long end, int bulk, Promise<Void> done) {
        long first = made.getAndAdd(bulk);
        if (first >= end) {
            made.addAndGet(-bulk);
            done.complete();
            return;
        }
        http.request(HttpMethod.POST, port, "127.0.0.1", "/v1/notifications")
                .compose(request -> send(request, first, bulk))
                .onSuccess(status -> {
                    if (status == ACCEPTED) {
                        next(end, bulk, done);
                    } else {
                        done.fail("answered with " + status);
                    }
                })
                .onFailure(done::fail);
    }

    private Future<Integer> send(HttpClientRequest request, long first, int bulk) {
        String body = bulk == 1
                ? IngestLoad.json(first)
                : LongStream.range(first, first + bulk)
                        .mapToObj(IngestLoad::json)
                        .collect(Collectors.joining(",", "{\"notifications\":[", "]}"));
        return request.putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json")
                .send(Buffer.buffer(body))
                .compose(response -> response.end().map(response.statusCode()));
    }
}
