package io.herald.topology.router;

/** More plans fail than poison records can explain: the router stops, with everything still in the mailbox. */
public final class TooManyFailuresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyFailuresException(Throwable last) {
        super("more than 5 % of the last " + FailureShare.WINDOW + " plans failed; the router stops", last);
    }
}
