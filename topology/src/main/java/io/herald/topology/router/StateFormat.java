package io.herald.topology.router;

import io.herald.schema.Activity;
import io.herald.schema.BroadcastRun;
import io.herald.schema.Cut;
import io.herald.schema.FirstCopy;
import io.herald.schema.Pending;
import io.herald.schema.Position;
import io.herald.schema.Profile;
import io.herald.schema.RuleSet;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenOwner;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;

/** How state values are written: Avro's single-object encoding, so that a later build knows what it reads. */
final class StateFormat<T> {
    static final StateFormat<Cut> CUT = new StateFormat<>(Cut.getEncoder(), Cut.getDecoder());
    static final StateFormat<Profile> PROFILE = new StateFormat<>(Profile.getEncoder(), Profile.getDecoder());
    static final StateFormat<Activity> ACTIVITY = new StateFormat<>(Activity.getEncoder(), Activity.getDecoder());
    static final StateFormat<FirstCopy> FIRST_COPY = new StateFormat<>(FirstCopy.getEncoder(), FirstCopy.getDecoder());
    static final StateFormat<Pending> PENDING = new StateFormat<>(Pending.getEncoder(), Pending.getDecoder());
    static final StateFormat<Position> POSITION = new StateFormat<>(Position.getEncoder(), Position.getDecoder());
    static final StateFormat<RuleSet> RULES = new StateFormat<>(RuleSet.getEncoder(), RuleSet.getDecoder());
    static final StateFormat<BroadcastRun> BROADCAST =
            new StateFormat<>(BroadcastRun.getEncoder(), BroadcastRun.getDecoder());
    static final StateFormat<TokenOwner> TOKEN_OWNER =
            new StateFormat<>(TokenOwner.getEncoder(), TokenOwner.getDecoder());
    static final StateFormat<TemplateChanged> TEMPLATE =
            new StateFormat<>(TemplateChanged.getEncoder(), TemplateChanged.getDecoder());

    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    private StateFormat(BinaryMessageEncoder<T> encoder, BinaryMessageDecoder<T> decoder) {
        this.encoder = encoder;
        this.decoder = decoder;
    }

    byte[] write(T value) {
        try {
            ByteBuffer bytes = encoder.encode(value);
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (IOException impossible) {
            throw new UnreadableStateException(impossible);
        }
    }

    T read(byte[] bytes) {
        try {
            return decoder.decode(bytes, null);
        } catch (IOException broken) {
            throw new UnreadableStateException(broken);
        }
    }
}
