package io.herald.local;

/** A part of the local stack. It may be started again after its process died, but not after it was closed. */
interface Component extends AutoCloseable {
    /** Starts it and waits until it serves. May be cut short by {@link #close} from another thread; then it throws. */
    void start();

    /** Returns whether it is there, as far as can be told without asking it; true too while it is not started. */
    boolean alive();

    /** Returns where it listens. */
    String where();

    /** Stops it, or does nothing if it was never started or is closed already. */
    @Override
    void close();
}
