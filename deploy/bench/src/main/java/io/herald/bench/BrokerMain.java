package io.herald.bench;

import io.herald.local.LocalKafka;
import io.herald.local.Ports;
import java.io.IOException;
import java.nio.file.Path;

/** The broker's process: the local stack's Kafka, alone. */
final class BrokerMain {
    private BrokerMain() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        LocalKafka kafka = new LocalKafka(Path.of(arguments[0]), Ports.free());
        kafka.start();
        Orders orders = new Orders(System.out);
        orders.done(kafka.bootstrap());
        orders.obey(order -> kafka.bootstrap());
        // Nobody wants what is in it; an orderly end of the logs would only take time.
        Runtime.getRuntime().halt(0);
    }
}
