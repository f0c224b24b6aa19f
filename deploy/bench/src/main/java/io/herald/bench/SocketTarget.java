package io.herald.bench;

import java.time.Duration;

/** A server of sockets in a process of its own, and the way to its users. */
interface SocketTarget extends AutoCloseable {
    SocketProtocol protocol();

    int port();

    /**
     * Sends one user a message, which carries its time with it.
     *
     * @param due by {@link System#nanoTime}, which all processes of a machine share
     */
    void send(int user, long due);

    /** Sends users 0 to {@code users} - 1 the same message, as the server does that best. */
    void everyone(int users, long due);

    /** Returns once everything is on its way. */
    void flush();

    /** Returns the memory that it is resident with after a collection, in bytes. */
    double residentBytes();

    /** Returns the time that its process had a processor. */
    Duration cpu();

    @Override
    void close();
}
