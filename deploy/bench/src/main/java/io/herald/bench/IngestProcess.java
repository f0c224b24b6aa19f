package io.herald.bench;

import io.herald.ingest.Ingest;
import io.herald.ingest.IngestConfig;
import java.io.IOException;
import java.util.List;

/** Ingest's process. */
final class IngestProcess {
    private IngestProcess() {}

    /** Runs with the settings given as {@code key=value} until its input ends; says its port. */
    public static void main(String[] settings) throws IOException {
        try (Ingest ingest = Ingest.start(IngestConfig.from(Orders.settings(List.of(settings))))) {
            Orders orders = new Orders(System.out);
            orders.done(Integer.toString(ingest.port()));
            orders.obey(order -> "");
        }
    }
}
