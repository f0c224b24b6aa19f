package io.herald.sender.webpush;

import io.herald.schema.Route;
import io.herald.sender.SenderApp;
import io.herald.sender.SenderConfig;
import io.herald.sender.SenderMain;
import java.util.Map;

/** The sender of route WEBPUSH. */
public final class WebPushSender {
    private WebPushSender() {}

    /**
     * Runs it as a process.
     *
     * @param arguments a properties file, or none; the environment wins over it
     */
    public static void main(String[] arguments) {
        SenderMain.run(Route.WEBPUSH, arguments, WebPushSender::start);
    }

    /**
     * Starts it in this JVM.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the first key that is unknown, missing or wrong
     */
    public static SenderApp start(Map<String, String> properties) {
        SenderConfig config = SenderConfig.from(Route.WEBPUSH, properties, WebPushConfig.DEF);
        return SenderApp.start(
                config,
                new WebPushProvider(WebPushConfig.from(properties), config.callsMax(), config.requestTimeout()));
    }
}
