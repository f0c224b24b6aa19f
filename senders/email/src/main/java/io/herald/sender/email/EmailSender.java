package io.herald.sender.email;

import io.herald.schema.Route;
import io.herald.sender.SenderApp;
import io.herald.sender.SenderConfig;
import io.herald.sender.SenderMain;
import io.herald.sender.callback.CallbackConfig;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** The sender of route EMAIL. */
public final class EmailSender {
    /** A call keeps a thread: enough of them for a thousand mails a second at 60 ms. */
    private static final Map<String, String> THREADS = Map.of(SenderConfig.IN_FLIGHT_MAX, "64");

    private EmailSender() {}

    /**
     * Runs it as a process.
     *
     * @param arguments a properties file, or none; the environment wins over it
     */
    public static void main(String[] arguments) {
        SenderMain.run(Route.EMAIL, arguments, EmailSender::start);
    }

    /**
     * Starts it in this JVM.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the first key that is unknown, missing or wrong
     */
    public static SenderApp start(Map<String, String> properties) {
        SenderConfig config = SenderConfig.from(Route.EMAIL, properties, keys(), THREADS);
        CallbackConfig callbacks = CallbackConfig.from(properties);
        SesFeedback feedback = SesFeedback.of(FeedbackConfig.from(properties, callbacks));
        return SenderApp.start(
                config,
                new SesProvider(SesConfig.from(properties), config.callsMax(), config.requestTimeout()),
                callbacks,
                feedback);
    }

    /** Returns the keys that are this sender's own. */
    static ConfigDef keys() {
        return CallbackConfig.define(FeedbackConfig.define(new ConfigDef(SesConfig.DEF)));
    }
}
