package io.herald.http;

/** A token was not taken. */
public final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean undecided;

    private TokenException(boolean undecided, String message, Throwable cause) {
        super(message, cause);
        this.undecided = undecided;
    }

    /**
     * The token is not good, and never will be.
     *
     * @param reason for the client; says nothing that helps to forge one
     */
    public static TokenException refused(String reason, Throwable cause) {
        return new TokenException(false, reason, cause);
    }

    /** The issuer's keys could not be read, so nothing can be said about the token. */
    public static TokenException undecided(Throwable cause) {
        return new TokenException(true, "the token cannot be checked now", cause);
    }

    /** Returns why a check failed. What is no such reason is a fault of ours, and says nothing about the token. */
    public static TokenException from(Throwable failure) {
        return failure instanceof TokenException known ? known : undecided(failure);
    }

    /** Returns whether the same token may be good a moment later. */
    public boolean isUndecided() {
        return undecided;
    }
}
