package io.herald.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Names one gateway: the key of {@code realtime}, and the one partition of it that the gateway reads. Gateways whose
 * ids fall into the same partition read each other's records and drop them by the key.
 */
public record GatewayKey(String gateway) implements RecordKey {
    /** Returns the record key: the id in UTF-8. */
    @Override
    public byte[] bytes() {
        return gateway.getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return gateway;
    }
}
