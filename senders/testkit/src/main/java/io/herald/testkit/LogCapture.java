package io.herald.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** Keeps what is logged at INFO and above while it is open, as a log file would have it, with all causes. */
public final class LogCapture extends AbstractAppender implements AutoCloseable {
    private static final String NAME = "capture";
    private static final PatternLayout AS_IN_FILES = PatternLayout.newBuilder()
            .withPattern("%-5level %logger{1} [%t] %m%n%throwable{full}")
            .build();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();

    private LogCapture() {
        super(NAME, null, AS_IN_FILES, false, Property.EMPTY_ARRAY);
    }

    /** Begins to keep. */
    public static LogCapture begin() {
        LogCapture capture = new LogCapture();
        capture.start();
        capture.root.addAppender(capture, Level.INFO, null);
        capture.context.updateLoggers();
        return capture;
    }

    @Override
    public void append(LogEvent event) {
        lines.add(AS_IN_FILES.toSerializable(event));
    }

    /** Returns what was logged since it was opened. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        root.removeAppender(NAME);
        context.updateLoggers();
        stop();
    }
}
