package io.herald.local;

import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code scripts/up}: runs the local stack until it is interrupted, or says what runs already.
 *
 * <p>Exits with 0 when told to end or when a stack runs already, with 1 when something does not start or run, with 2
 * for arguments it does not know.
 */
public final class Up {
    private static final Logger LOG = LoggerFactory.getLogger(Up.class);
    private static final String FRESH = "--fresh";
    private static final String STATUS = "--status";
    private static final int HEAL_SECONDS = 2;

    private final StateFolder folder;
    private final Progress progress = new Progress(System.out::println);
    private volatile boolean ending;

    private Up(StateFolder folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Set<String> options = new HashSet<>(List.of(arguments));
        if (!Set.of(FRESH, STATUS).containsAll(options)) {
            System.err.println("usage: scripts/up [--fresh | --status]");
            System.exit(2);
        }
        try {
            Path state =
                    Path.of(Optional.ofNullable(System.getenv("HERALD_STATE")).orElse(".herald"));
            StateFolder folder = StateFolder.at(state);
            Optional<Running> claim = Running.claim(folder);
            if (claim.isEmpty()) {
                System.out.println("Herald runs already.\n" + Running.described(folder));
                System.exit(options.contains(FRESH) ? refuseFresh() : 0);
            } else if (options.contains(STATUS)) {
                System.out.println("Herald does not run.");
                System.exit(1);
            }
            new Up(folder).run(claim.get(), options.contains(FRESH));
        } catch (StackException failure) {
            LOG.error("not started", failure);
            System.err.println(failure.getMessage());
            System.exit(1);
        }
    }

    private static int refuseFresh() {
        System.err.println("Its state is not touched: stop it first, then start with " + FRESH + ".");
        return 1;
    }

    private void run(Running claim, boolean fresh) throws InterruptedException {
        ChildProcess.endOrphans(folder);
        LocalPostgres.endOrphan(folder);
        if (fresh) {
            folder.wipe();
        }
        claim.describe(
                "It is starting: pid %d.".formatted(ProcessHandle.current().pid()));

        LocalStack stack = new LocalStack(Installation.find(), folder, Ports.from(System.getenv()), progress);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stack, claim), "end"));
        try {
            stack.start();
            claim.describe(description(stack));
            progress.say("Herald is ready.\n" + description(stack) + "\nCtrl-C stops everything.");
            while (true) {
                TimeUnit.SECONDS.sleep(HEAL_SECONDS);
                stack.heal();
            }
        } catch (StackException failure) {
            // What is cut short by the end is no failure; the end itself then ends this thread.
            if (!ending) {
                throw failure;
            }
            Thread.currentThread().join();
        }
    }

    private String description(LocalStack stack) {
        return String.join(
                "\n",
                List.of(
                        stack.describe(),
                        Infrastructure.line("state", folder.root().toString()),
                        Infrastructure.line("logs", folder.log("*").toString()),
                        Infrastructure.line(
                                "supervisor",
                                "pid %d, since %s"
                                        .formatted(
                                                ProcessHandle.current().pid(),
                                                LocalTime.now(ZoneId.systemDefault())
                                                        .truncatedTo(ChronoUnit.SECONDS)))));
    }

    private void end(LocalStack stack, Running claim) {
        ending = true;
        progress.say("stopping");
        stack.close();
        claim.close();
        progress.say("stopped");
    }
}
