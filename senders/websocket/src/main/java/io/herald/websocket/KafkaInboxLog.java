package io.herald.websocket;

import io.herald.http.KafkaWriter;
import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.SocketReported;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.GatewayKey;
import io.herald.wire.Heard;
import io.herald.wire.UserKey;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Writes to {@code inbox.acted}, {@code presence.changed} and {@code socket.reported}, keyed by user, and to
 * {@code gateway.leased}. What one connection wrote stays in its order.
 */
final class KafkaInboxLog implements InboxLog {
    private static final int MAX_WAITING = 8_192;

    private final KafkaWriter writer;

    KafkaInboxLog(GatewayConfig config) {
        writer = new KafkaWriter(config.id(), config.clients(), config.registry(), MAX_WAITING);
    }

    @Override
    public CompletionStage<RecordMetadata> write(Topic topic, UserKey user, SpecificRecord value) {
        return writer.write(topic, user, value);
    }

    @Override
    public CompletionStage<Heard> acted(InboxActed acted) {
        return writer.write(Topics.INBOX_ACTED, new UserKey(acted.getTenant(), acted.getUser()), acted)
                .thenApply(where -> Heard.at(where.topic(), where.partition(), where.offset()));
    }

    @Override
    public CompletionStage<Void> presence(PresenceChanged changed) {
        return writer.write(Topics.PRESENCE_CHANGED, new UserKey(changed.getTenant(), changed.getUser()), changed)
                .thenAccept(where -> {});
    }

    @Override
    public CompletionStage<Void> reported(SocketReported report) {
        return writer.write(Topics.SOCKET_REPORTED, new UserKey(report.getTenant(), report.getUser()), report)
                .thenAccept(where -> {});
    }

    @Override
    public CompletionStage<Void> leased(GatewayLeased lease) {
        return writer.write(Topics.GATEWAY_LEASED, new GatewayKey(lease.getGateway()).bytes(), lease)
                .thenAccept(where -> {});
    }

    @Override
    public void close() {
        writer.close();
    }
}
