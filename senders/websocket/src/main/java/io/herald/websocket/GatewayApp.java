package io.herald.websocket;

import java.util.concurrent.CountDownLatch;

/** Runs a gateway with settings from the environment, until the process is told to stop. */
public final class GatewayApp {
    private GatewayApp() {}

    /** Takes no arguments; see {@link GatewayConfig#properties}. */
    public static void main(String[] arguments) throws InterruptedException {
        Gateway gateway = Gateway.start(GatewayConfig.from(GatewayConfig.properties(System.getenv())));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "drain"));
        new CountDownLatch(1).await();
    }
}
