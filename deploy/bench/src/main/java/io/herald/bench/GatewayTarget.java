package io.herald.bench;

import io.herald.local.Port;
import io.herald.local.Ports;
import io.herald.local.page.DemoTokens;
import io.herald.local.story.Cast;
import io.herald.schema.InboxItem;
import io.herald.schema.Realtime;
import io.herald.topic.Topics;
import io.herald.wire.GatewayKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Herald's gateway as an operator runs it. Messages are changes that the router would have written. */
final class GatewayTarget implements SocketTarget {
    private static final String ID = "bench-gateway";
    // The heap follows what is in it after each collection, so that growth is that of what it holds.
    private static final List<String> JVM =
            List.of("-Xmx512m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10", "-XX:MaxDirectMemorySize=256m");
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");
    private static final Duration LIFE = Duration.ofDays(30);

    private final Child gateway;
    private final int port = Ports.free().of(Port.GATEWAY);
    private final WireFormat format;
    private final Sending changes;
    private final GatewayKey key = new GatewayKey(ID);
    private long seq;

    GatewayTarget(Backbone backbone, DemoTokens tokens) {
        this.format = new WireFormat(Map.of("schema.registry.url", backbone.registryUrl()));
        this.changes = new Sending(backbone, 1);
        gateway = new Child("gateway", backbone.folder(), JVM, ENVIRONMENT, SenderProcess.class, "gateway");
        gateway.ask(
                "start",
                "id=" + ID,
                "port=" + port,
                "health.port=0",
                "bootstrap.servers=" + backbone.bootstrap(),
                "schema.registry.url=" + backbone.registryUrl(),
                "jwt.keys=" + tokens.keys(),
                "jwt.issuer=" + DemoTokens.ISSUER,
                "jwt.audience=" + DemoTokens.AUDIENCE);
    }

    @Override
    public SocketProtocol protocol() {
        return SocketProtocol.HERALD;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void send(int user, long due) {
        changes.send(new ProducerRecord<>(
                Topics.REALTIME.name(),
                key.partition(Backbone.PARTITIONS),
                key.bytes(),
                format.value(Topics.REALTIME, change(user, due))));
    }

    @Override
    public void everyone(int users, long due) {
        // An inbox is its user's own: what everybody gets are as many changes.
        for (int user = 0; user < users; user++) {
            send(user, due);
        }
    }

    @Override
    public void flush() {
        changes.flush();
    }

    private Realtime change(int user, long due) {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        seq++;
        return Realtime.newBuilder()
                .setTenant(Cast.TENANT)
                .setUser(SocketStage.user(user))
                .setAt(now)
                .setUnread(1)
                .setLastSeq(seq)
                .setSeqs(List.of(seq))
                .setNotificationId(SocketStage.NOTIFICATION)
                .setItem(InboxItem.newBuilder()
                        .setNotificationId(SocketStage.NOTIFICATION)
                        .setCategory(Load.CATEGORY)
                        .setActor("bo")
                        .setTitle(SocketStage.TITLE)
                        .setBody(SocketStage.BODY)
                        .setLink(SocketStage.LINK + due)
                        .setCreatedAt(now)
                        .setExpiresAt(now.plus(LIFE))
                        .build())
                .build();
    }

    @Override
    public double residentBytes() {
        gateway.ask("collect");
        return gateway.residentMb() * (1 << 20);
    }

    @Override
    public Duration cpu() {
        return gateway.cpu();
    }

    @Override
    public void close() {
        changes.close();
        gateway.close();
    }
}
