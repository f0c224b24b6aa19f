package io.herald.http;

/** A request cannot be served; says to the caller why. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        // It is an answer, and as frequent as callers like: where it was made tells nothing.
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** Returns what to tell the caller. */
    public Problem problem() {
        return problem;
    }
}
