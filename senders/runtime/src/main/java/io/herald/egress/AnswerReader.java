package io.herald.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentTooLongException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Reads an answer up to a limit, and knows at any time how much of it there is. Thread-safe. */
final class AnswerReader implements AsyncResponseConsumer<Exchange.Answered> {
    private final int mostBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private HttpResponse head;
    private FutureCallback<Exchange.Answered> done;

    AnswerReader(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Returns what is there: a status is an answer, even if the body is late, endless or broken. */
    synchronized Optional<Exchange.Answered> soFar() {
        if (head == null) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        for (Header header : head.getHeaders()) {
            headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        return Optional.of(new Exchange.Answered(head.getCode(), headers, body.toString(UTF_8)));
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            EntityDetails entity,
            HttpContext context,
            FutureCallback<Exchange.Answered> callback) {
        synchronized (this) {
            head = response;
            done = callback;
        }
        if (entity == null) {
            callback.completed(soFar().orElseThrow());
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public synchronized void consume(ByteBuffer bytes) throws ContentTooLongException {
        int wanted = Math.min(bytes.remaining(), mostBytes - body.size());
        for (int i = 0; i < wanted; i++) {
            body.write(bytes.get());
        }
        if (bytes.hasRemaining()) {
            // Ends the connection: the rest might have no end.
            throw new ContentTooLongException("answer of more than " + mostBytes + " bytes");
        }
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
        done.completed(soFar().orElseThrow());
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // 1xx says nothing yet.
    }

    @Override
    public void failed(Exception cause) {
        // The client tells whoever waits.
    }

    @Override
    public void releaseResources() {
        // None are held.
    }
}
