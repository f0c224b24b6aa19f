package io.herald.egress;

import java.io.IOException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** A request that knows whether its body was begun: without one, no server has taken it. */
final class WatchedRequest implements AsyncRequestProducer {
    private final AsyncRequestProducer request;
    private volatile boolean begun;

    WatchedRequest(AsyncRequestProducer request) {
        this.request = request;
    }

    boolean begun() {
        return begun;
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        // Called before there is a connection: the client wants to know what it is about.
        request.sendRequest(channel, context);
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public int available() {
        return request.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        begun = true;
        request.produce(channel);
    }

    @Override
    public void failed(Exception cause) {
        request.failed(cause);
    }

    @Override
    public void releaseResources() {
        request.releaseResources();
    }
}
