package io.herald.sender.callback;

/** A callback that is not taken. Its message is logged: it never quotes the callback. */
public final class RefusedCallbackException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CallbackResult result;

    private RefusedCallbackException(CallbackResult result, String reason) {
        super(reason, null, false, false);
        this.result = result;
    }

    /** One that the provider has not signed, or signed with a key that is not ours. Answered with 403. */
    public static RefusedCallbackException forged(String reason) {
        return new RefusedCallbackException(CallbackResult.FORGED, reason);
    }

    /** One that cannot be read. Answered with 400. */
    public static RefusedCallbackException malformed(String reason) {
        return new RefusedCallbackException(CallbackResult.MALFORMED, reason);
    }

    /** One that cannot be checked now. Answered with 503, so that the provider repeats it. */
    public static RefusedCallbackException later(String reason) {
        return new RefusedCallbackException(CallbackResult.NOT_WRITTEN, reason);
    }

    /** Returns how it is counted and answered. */
    public CallbackResult result() {
        return result;
    }
}
