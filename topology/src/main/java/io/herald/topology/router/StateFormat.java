package io.herald.topology.router;

import io.herald.schema.Activity;
import io.herald.schema.BroadcastRun;
import io.herald.schema.Cut;
import io.herald.schema.FirstCopy;
import io.herald.schema.GatewayLease;
import io.herald.schema.Pending;
import io.herald.schema.Position;
import io.herald.schema.Profile;
import io.herald.schema.RouteShare;
import io.herald.schema.RuleSet;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenOwner;
import io.herald.wire.AvroWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificRecord;

/** How state values are written: Avro's single-object encoding, so that a later build knows what it reads. */
final class StateFormat<T extends SpecificRecord> {
    private static final byte[] SINGLE_OBJECT = {(byte) 0xC3, 1};

    static final StateFormat<Cut> CUT = new StateFormat<>(Cut.getClassSchema(), Cut.getDecoder());
    static final StateFormat<Profile> PROFILE = new StateFormat<>(Profile.getClassSchema(), Profile.getDecoder());
    static final StateFormat<Activity> ACTIVITY = new StateFormat<>(Activity.getClassSchema(), Activity.getDecoder());
    static final StateFormat<FirstCopy> FIRST_COPY =
            new StateFormat<>(FirstCopy.getClassSchema(), FirstCopy.getDecoder());
    static final StateFormat<Pending> PENDING = new StateFormat<>(Pending.getClassSchema(), Pending.getDecoder());
    static final StateFormat<Position> POSITION = new StateFormat<>(Position.getClassSchema(), Position.getDecoder());
    static final StateFormat<RuleSet> RULES = new StateFormat<>(RuleSet.getClassSchema(), RuleSet.getDecoder());
    static final StateFormat<BroadcastRun> BROADCAST =
            new StateFormat<>(BroadcastRun.getClassSchema(), BroadcastRun.getDecoder());
    static final StateFormat<TokenOwner> TOKEN_OWNER =
            new StateFormat<>(TokenOwner.getClassSchema(), TokenOwner.getDecoder());
    static final StateFormat<RouteShare> SHARE =
            new StateFormat<>(RouteShare.getClassSchema(), RouteShare.getDecoder());
    static final StateFormat<GatewayLease> LEASE =
            new StateFormat<>(GatewayLease.getClassSchema(), GatewayLease.getDecoder());
    static final StateFormat<TemplateChanged> TEMPLATE =
            new StateFormat<>(TemplateChanged.getClassSchema(), TemplateChanged.getDecoder());

    private static final ThreadLocal<AvroWriter> WRITER = ThreadLocal.withInitial(AvroWriter::new);

    private final byte[] head;
    private final BinaryMessageDecoder<T> decoder;

    private StateFormat(Schema schema, BinaryMessageDecoder<T> decoder) {
        this.head = ByteBuffer.allocate(10)
                .put(SINGLE_OBJECT)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
        this.decoder = decoder;
    }

    byte[] write(T value) {
        return WRITER.get().write(head, value);
    }

    T read(byte[] bytes) {
        try {
            return decoder.decode(bytes, null);
        } catch (IOException broken) {
            throw new UnreadableStateException(broken);
        }
    }
}
