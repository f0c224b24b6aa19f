package io.herald.sender.sms;

import io.herald.simulator.TwilioSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A sender's parts as tests want them. */
final class Twilio {
    static final String TOKEN = "an-auth-token";
    static final String PUBLIC_URL = "https://hooks.example/sms";
    static final String NUMBER = "+15551230001";
    private static final int IN_FLIGHT = 8;

    private Twilio() {}

    static TwilioConfig config(URI url, Path tokens, Path apiKey, VelocityCaps.Limits caps) {
        return new TwilioConfig(
                TwilioSimulator.ACCOUNT,
                tokens,
                apiKey,
                "+15005550006",
                List.of("+1", "+44", "!+1876"),
                16,
                caps,
                url,
                Duration.ofSeconds(5),
                PUBLIC_URL);
    }

    static TwilioProvider provider(TwilioConfig config, NumberBook numbers) {
        return new TwilioProvider(
                config, credentials(config), numbers, IN_FLIGHT, Duration.ofSeconds(2), Clock.systemUTC());
    }

    static TwilioCredentials credentials(TwilioConfig config) {
        return TwilioCredentials.read(config.accountSid(), config.authTokens(), config.apiKey());
    }

    static Path file(Path folder, String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
