package io.herald.sender.sms;

import io.herald.schema.Route;
import io.herald.sender.SenderApp;
import io.herald.sender.SenderConfig;
import io.herald.sender.SenderMain;
import io.herald.sender.callback.CallbackConfig;
import java.time.Clock;
import java.util.Map;

/** The sender of route SMS. */
public final class SmsSender {
    /** A call keeps a thread: enough of them for three hundred messages a second at 200 ms. */
    private static final Map<String, String> THREADS = Map.of(SenderConfig.IN_FLIGHT_MAX, "64");

    private SmsSender() {}

    /**
     * Runs it as a process.
     *
     * @param arguments a properties file, or none; the environment wins over it
     */
    public static void main(String[] arguments) {
        SenderMain.run(Route.SMS, arguments, SmsSender::start);
    }

    /**
     * Starts it in this JVM.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the first key that is unknown, missing or wrong, or
     *     the file that cannot be used
     */
    public static SenderApp start(Map<String, String> properties) {
        SenderConfig config = SenderConfig.from(Route.SMS, properties, TwilioConfig.DEF, THREADS);
        TwilioConfig twilio = TwilioConfig.from(properties);
        TwilioCredentials credentials =
                TwilioCredentials.read(twilio.accountSid(), twilio.authTokens(), twilio.apiKey());
        NumberBook numbers = new NumberBook();
        Clock clock = Clock.systemUTC();
        return SenderApp.start(
                config,
                new TwilioProvider(twilio, credentials, numbers, config.callsMax(), config.requestTimeout(), clock),
                CallbackConfig.from(properties),
                new TwilioCallbacks(credentials, numbers, clock));
    }
}
