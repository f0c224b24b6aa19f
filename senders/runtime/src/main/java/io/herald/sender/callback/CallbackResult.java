package io.herald.sender.callback;

/** What became of a callback, and the status that tells the provider so. */
public enum CallbackResult {
    /** Kafka has acknowledged its reports, or it says nothing that is reported. */
    TAKEN(200),
    /** It cannot be read. */
    MALFORMED(400),
    /** It is not from the provider, as far as its signature tells. */
    FORGED(403),
    /** It is no POST. */
    NOT_POSTED(405),
    /** It is larger than any callback of a provider's. */
    TOO_LARGE(413),
    /** The handler failed: a bug. */
    FAILED(500),
    /** It may be taken later: Kafka, or what a signature is checked with, is away. The provider repeats it. */
    NOT_WRITTEN(503);

    private final int status;

    CallbackResult(int status) {
        this.status = status;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }
}
