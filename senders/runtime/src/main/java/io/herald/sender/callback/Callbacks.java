package io.herald.sender.callback;

import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads what one provider says later of what it has accepted. Called on several threads at a time, and for the same
 * callback again whenever the provider repeats it, in any order.
 */
public interface Callbacks {
    /**
     * Checks that a callback is the provider's and returns what it reports. The provider is told that it was taken only
     * once Kafka has all of them; until then it repeats the callback, so reports may too.
     *
     * @return {@link io.herald.schema.AddressReported} and {@link io.herald.schema.ReceiptReported}; none if it says
     *     nothing that anybody wants to know
     * @throws RefusedCallbackException if it is not taken
     */
    List<SpecificRecord> handle(CallbackRequest request) throws RefusedCallbackException;
}
