package io.herald.sender.sms;

import java.time.Duration;

/**
 * An answer of Twilio's that is not a message's. Thrown through the SDK, which would keep neither status nor headers.
 */
final class TwilioRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final transient Duration wait;

    /**
     * Creates one.
     *
     * @param code Twilio's number for it; 0 where the answer has none, and so is not Twilio's
     * @param wait as Retry-After says; zero without
     */
    TwilioRefusal(int status, int code, Duration wait) {
        super("refused", null, false, false);
        this.status = status;
        this.code = code;
        this.wait = wait;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    Duration after() {
        return wait;
    }
}
