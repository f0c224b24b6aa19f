package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One request and its answer: a stream of HTTP/2. */
final class ApnsStream extends ChannelInboundHandlerAdapter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int MOST_KEPT = 64 * 1024;

    private final ApnsSimulator apns;
    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private ChannelHandlerContext context;

    ApnsStream(ApnsSimulator apns) {
        this.apns = apns;
    }

    @Override
    public void channelRead(ChannelHandlerContext its, Object message) {
        context = its;
        try {
            if (message instanceof Http2HeadersFrame frame) {
                frame.headers()
                        .forEach(header -> headers.put(
                                header.getKey().toString(), header.getValue().toString()));
                endIf(frame.isEndStream());
            } else if (message instanceof Http2DataFrame frame) {
                // A giant is refused for its size; no need to keep it.
                if (body.size() < MOST_KEPT) {
                    body.writeBytes(ByteBufUtil.getBytes(frame.content()));
                }
                endIf(frame.isEndStream());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void endIf(boolean last) {
        if (last) {
            apns.handle(new ApnsRequest(headers, body.toString(UTF_8), body.size()), this);
        }
    }

    /** Answers, {@code after} a while; takes the request if there is no refusal. */
    void answer(String id, ApnsRules.Refusal refusal, Duration after) {
        Runnable answer = refusal == null ? () -> accept(id) : () -> refuse(id, refusal);
        if (after.isZero()) {
            answer.run();
        } else {
            Future<?> unused = context.executor().schedule(answer, after.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void accept(String id) {
        write(new DefaultHttp2HeadersFrame(head(OK, id), true));
    }

    private void refuse(String id, ApnsRules.Refusal refusal) {
        String body = refusal.detail();
        if (!refusal.reason().isEmpty()) {
            ObjectNode answer = JSON.createObjectNode().put("reason", refusal.reason());
            if (refusal.detail().matches("\\d+")) {
                answer.put("timestamp", Long.parseLong(refusal.detail()));
            }
            body = answer.toString();
        }
        write(new DefaultHttp2HeadersFrame(head(refusal.status(), id), false));
        write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, UTF_8), true));
    }

    /** Answers with what is neither JSON nor empty. */
    void garbage() {
        write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(Integer.toString(OK)), false));
        write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer("\u0000\uFFFD{{<\u0007", UTF_8), true));
    }

    /** Sends what is no record of TLS, and closes the connection. */
    void breakTls() {
        Future<?> unused = connection()
                .pipeline()
                .context(SslHandler.class)
                .writeAndFlush(Unpooled.copiedBuffer("no TLS", UTF_8))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes the whole connection without an answer. */
    void hangUp() {
        Future<?> unused = connection().close();
    }

    /** Returns the connection that this is a stream of. */
    Channel connection() {
        return context.channel().parent();
    }

    private void write(Http2Frame frame) {
        // A client that has gone needs no answer.
        Future<?> unused = context.writeAndFlush(frame);
    }

    private static Http2Headers head(int status, String id) {
        return new DefaultHttp2Headers().status(Integer.toString(status)).add("apns-id", id);
    }
}
