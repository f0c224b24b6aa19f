package io.herald.sender;

import java.util.concurrent.ThreadFactory;

/**
 * Makes threads that keep no process from ending.
 *
 * @param name of each
 */
public record DaemonThreads(String name) implements ThreadFactory {
    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
