package io.herald.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Looks a hundred times a second at what the threads of Streams do. It sees them at safepoints only, so single methods
 * may be named wrongly; whole stages and libraries are not.
 */
final class StackSampler {
    static final String FRAMES = ";";

    private static final long PERIOD_MS = 10;
    private static final int DEPTH = 120;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<String, Integer> stacks = new HashMap<>();
    private final ScheduledExecutorService sampling = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> samples;
    private final long[] watched;

    StackSampler() {
        watched = Stream.of(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().contains("StreamThread"))
                .filter(thread -> !thread.getThreadName().contains("|"))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        samples = sampling.scheduleAtFixedRate(this::sample, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** Ends, and writes a line a stack: how often it was seen, thread, state, frames from the outermost. */
    void end(Path file) throws IOException, InterruptedException {
        boolean broken = samples.isDone();
        sampling.shutdown();
        if (broken || !sampling.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the sampler broke off, or does not end");
        }
        List<String> lines = new ArrayList<>();
        stacks.forEach((stack, times) -> lines.add(times + FRAMES + stack));
        Files.write(file, lines);
    }

    private void sample() {
        for (ThreadInfo thread : THREADS.getThreadInfo(watched, DEPTH)) {
            if (thread != null) {
                stacks.merge(stack(thread), 1, Integer::sum);
            }
        }
    }

    private static String stack(ThreadInfo thread) {
        StringBuilder stack =
                new StringBuilder(thread.getThreadName()).append(FRAMES).append(thread.getThreadState());
        StackTraceElement[] frames = thread.getStackTrace();
        for (int frame = frames.length - 1; frame >= 0; frame--) {
            stack.append(FRAMES)
                    .append(frames[frame].getClassName())
                    .append('#')
                    .append(frames[frame].getMethodName());
        }
        return stack.toString();
    }
}
