package io.herald.sender;

import io.herald.schema.AddressReported;
import java.util.concurrent.CompletionStage;

/** Takes what a provider learns about addresses from the answers to its calls. */
public interface AddressReports {
    /**
     * Writes a report, and repeats that until Kafka has acknowledged it.
     *
     * @return completes then; an attempt that waits for it does not end before, and so nothing is lost in a crash
     */
    CompletionStage<Void> write(AddressReported report);
}
