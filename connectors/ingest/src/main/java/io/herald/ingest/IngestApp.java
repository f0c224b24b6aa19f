package io.herald.ingest;

import java.util.concurrent.CountDownLatch;

/** Runs ingest with settings from the environment, until the process is told to stop. */
public final class IngestApp {
    private IngestApp() {}

    /** Takes no arguments; see {@link IngestConfig#properties}. */
    public static void main(String[] arguments) throws InterruptedException {
        Ingest ingest = Ingest.start(IngestConfig.from(IngestConfig.properties(System.getenv())));
        Runtime.getRuntime().addShutdownHook(new Thread(ingest::close, "drain"));
        new CountDownLatch(1).await();
    }
}
