package io.herald.sender;

import io.herald.schema.Route;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one sender as a process. */
public final class SenderMain {
    private static final Logger LOG = LoggerFactory.getLogger(SenderMain.class);
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private SenderMain() {}

    /**
     * Runs until the process is told to stop, then ends in good order; ends the process with status 1 when the sender
     * fails, and 2 when its configuration is refused.
     *
     * @param arguments a properties file, or none; the environment wins over it
     * @param start what starts the sender of {@code properties}
     */
    public static void run(Route route, String[] arguments, Function<Map<String, String>, SenderApp> start) {
        SenderApp app;
        try {
            app = start.apply(properties(arguments));
        } catch (ConfigException | IllegalArgumentException | IOException refused) {
            LOG.error("The sender of {} does not start: {}", route, refused.getMessage());
            System.exit(REFUSED);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "shutdown"));
        try {
            if (!app.await()) {
                System.exit(FAILED);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> properties(String[] arguments) throws IOException {
        Map<String, String> properties = new HashMap<>();
        if (arguments.length > 0) {
            Properties file = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
                file.load(reader);
            }
            file.stringPropertyNames().forEach(name -> properties.put(name, file.getProperty(name)));
        }
        properties.putAll(SenderConfig.properties(System.getenv()));
        return properties;
    }
}
