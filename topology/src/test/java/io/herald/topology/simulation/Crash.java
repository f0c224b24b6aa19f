package io.herald.topology.simulation;

/** The process is gone, whatever it was doing. Not an exception: nothing that it runs can catch it. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
        super("the process is gone", null, false, false);
    }
}
