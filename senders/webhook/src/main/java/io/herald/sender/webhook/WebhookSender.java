package io.herald.sender.webhook;

import io.herald.schema.Route;
import io.herald.sender.SenderApp;
import io.herald.sender.SenderConfig;
import io.herald.sender.SenderMain;
import java.time.Clock;
import java.util.Map;

/** The sender of route WEBHOOK. */
public final class WebhookSender {
    private WebhookSender() {}

    /**
     * Runs it as a process.
     *
     * @param arguments a properties file, or none; the environment wins over it
     */
    public static void main(String[] arguments) {
        SenderMain.run(Route.WEBHOOK, arguments, WebhookSender::start);
    }

    /**
     * Starts it in this JVM.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the first key that is unknown, missing or wrong
     */
    public static SenderApp start(Map<String, String> properties) {
        SenderConfig config = SenderConfig.from(Route.WEBHOOK, properties, WebhookConfig.DEF);
        return SenderApp.start(
                config,
                new WebhookProvider(
                        WebhookConfig.from(properties), config.callsMax(), config.requestTimeout(), Clock.systemUTC()));
    }
}
