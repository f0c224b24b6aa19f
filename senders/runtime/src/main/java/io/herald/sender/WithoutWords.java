package io.herald.sender;

/**
 * A failure of a vendor's client, for logs: what and where, and none of its words. They may quote an address, a token
 * or a URL with a secret in it.
 */
final class WithoutWords extends Exception {
    private static final long serialVersionUID = 1;

    WithoutWords(Throwable failure) {
        super(
                failure.getClass().getName(),
                failure.getCause() == null || failure.getCause() == failure
                        ? null
                        : new WithoutWords(failure.getCause()));
        setStackTrace(failure.getStackTrace());
    }
}
