package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;

/** A sender to be killed: its provider writes down each call before it answers, 30 ms later. */
final class CrashingSender {
    private CrashingSender() {}

    /** Takes the route, the file for the calls, and settings as {@code key=value}. */
    public static void main(String[] arguments) {
        Route route = Route.valueOf(arguments[0]);
        Path calls = Path.of(arguments[1]);
        Map<String, String> settings = new HashMap<>();
        for (int i = 2; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        ScriptedProvider provider = new ScriptedProvider(delivery -> {
            append(calls, delivery.getDeliveryId());
            return CompletableFuture.supplyAsync(
                    () -> new Outcome.Accepted("noted"), CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS));
        });
        SenderMain.run(
                route,
                new String[0],
                none -> SenderApp.start(SenderConfig.from(route, settings, new ConfigDef()), provider));
    }

    private static void append(Path file, String line) {
        try {
            Files.write(file, (line + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
