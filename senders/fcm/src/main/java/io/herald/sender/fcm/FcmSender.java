package io.herald.sender.fcm;

import io.herald.schema.Route;
import io.herald.sender.SenderApp;
import io.herald.sender.SenderConfig;
import io.herald.sender.SenderMain;
import java.util.Map;

/** The sender of route FCM. */
public final class FcmSender {
    private FcmSender() {}

    /**
     * Runs it as a process.
     *
     * @param arguments a properties file, or none; the environment wins over it
     */
    public static void main(String[] arguments) {
        SenderMain.run(Route.FCM, arguments, FcmSender::start);
    }

    /**
     * Starts it in this JVM.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the first key that is unknown, missing or wrong
     */
    public static SenderApp start(Map<String, String> properties) {
        // Google: from nothing to all in no less than a minute.
        SenderConfig config =
                SenderConfig.from(Route.FCM, properties, FcmConfig.DEF, Map.of(SenderConfig.RAMP_MS, "60000"));
        return SenderApp.start(config, new FcmProvider(FcmConfig.from(properties), config.requestTimeout()));
    }
}
