package io.herald.bench;

import io.herald.sender.apns.ApnsSender;
import io.herald.sender.email.EmailSender;
import io.herald.sender.fcm.FcmSender;
import io.herald.websocket.Gateway;
import io.herald.websocket.GatewayConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A process that drains deliveries: a sender as an operator runs it, or what a sender's loop is compared with. Started
 * and stopped by order, so that one warm JVM serves several rounds.
 */
final class SenderProcess {
    private final Function<Map<String, String>, ? extends AutoCloseable> start;
    private AutoCloseable running;

    private SenderProcess(Function<Map<String, String>, ? extends AutoCloseable> start) {
        this.start = start;
    }

    /**
     * Runs until its input ends.
     *
     * @param arguments what it is
     */
    public static void main(String[] arguments) throws Exception {
        SenderProcess process = new SenderProcess(
                switch (arguments[0]) {
                    case "apns" -> ApnsSender::start;
                    case "fcm" -> FcmSender::start;
                    case "email" -> EmailSender::start;
                    case "gateway" -> settings -> Gateway.start(GatewayConfig.from(settings));
                    case "loop" -> TimedProvider::start;
                    case "parallel" -> ParallelLoop::start;
                    default -> throw new IllegalArgumentException(arguments[0]);
                });
        process.obey();
        process.stop();
        System.exit(0);
    }

    private void obey() throws IOException {
        new Orders(System.out).obey(order -> switch (order.get(0)) {
            case "start" -> start(order.subList(1, order.size()));
            case "stop" -> stop();
            case "collect" -> collect();
            default -> throw new IllegalArgumentException("no order " + order);
        });
    }

    private String start(List<String> settings) {
        running = start.apply(Orders.settings(settings));
        return "";
    }

    private static String collect() {
        ManagementFactory.getMemoryMXBean().gc();
        return "";
    }

    private String stop() throws Exception {
        if (running != null) {
            running.close();
            running = null;
        }
        return "";
    }
}
