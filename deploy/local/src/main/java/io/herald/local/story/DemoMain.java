package io.herald.local.story;

import io.herald.local.Port;
import io.herald.local.Ports;
import java.util.List;

/** {@code scripts/demo}: plays the story on the running stack, prints a table, and exits with 1 if anything differs. */
public final class DemoMain {
    private DemoMain() {}

    public static void main(String[] arguments) throws Exception {
        Ports ports = Ports.from(System.getenv());
        Demo.Target target = new Demo.Target(
                ports.address(Port.KAFKA),
                ports.url(Port.REGISTRY) + "/apis/ccompat/v7",
                ports.url(Port.PAGE),
                "jdbc:postgresql://" + ports.address(Port.POSTGRES) + "/herald",
                "postgres",
                "postgres");
        System.out.printf("%-54s %-18s %-32s %8s%n", "event", "channel", "verdict", "ms");
        String[] last = {""};
        List<String> differences = new Demo(target, (event, channel, verdict, took) -> {
                    System.out.printf(
                            "%-54s %-18s %-32s %8d%n",
                            event.equals(last[0]) ? "" : event, channel, verdict, took.toMillis());
                    last[0] = event;
                })
                .play();
        if (differences.isEmpty()) {
            System.out.println("\nThe simulators, PostgreSQL and the ledger agree with the story.");
        } else {
            System.out.println("\nNot as the story has it:");
            differences.forEach(difference -> System.out.println("  " + difference));
            System.exit(1);
        }
        System.exit(0);
    }
}
