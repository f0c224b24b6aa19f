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
 * <p>Exits with 1 when something does not start or run, with 2 for arguments it does not know; {@code --status} exits
 * with 1 when nothing runs, and with 3 while it starts.
 */
public final class Up {
    private static final Logger LOG = LoggerFactory.getLogger(Up.class);
    private static final String FRESH = "--fresh";
    private static final String STATUS = "--status";
    private static final String WITHOUT_HERALD = "--without-herald";
    /** Only a stack that is ready says since when. */
    private static final String SINCE = "ready since ";

    private static final int HEAL_SECONDS = 2;

    private final StateFolder folder;
    private final Progress progress = new Progress(System.out::println);
    private volatile boolean ending;

    private Up(StateFolder folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Set<String> options = new HashSet<>(List.of(arguments));
        if (!Set.of(FRESH, STATUS, WITHOUT_HERALD).containsAll(options)) {
            System.err.println("usage: scripts/up [--fresh] [--without-herald] | --status");
            System.exit(2);
        }
        try {
            Path state =
                    Path.of(Optional.ofNullable(System.getenv("HERALD_STATE")).orElse(".herald"));
            StateFolder folder = StateFolder.at(state);
            Optional<Running> claim = Running.claim(folder);
            if (claim.isEmpty()) {
                System.exit(runsAlready(Running.described(folder), options));
            } else if (options.contains(STATUS)) {
                System.out.println("Herald does not run.");
                System.exit(1);
            }
            new Up(folder).run(claim.get(), options.contains(FRESH), options.contains(WITHOUT_HERALD));
        } catch (StackException failure) {
            LOG.error("ends", failure);
            System.err.println(failure.getMessage());
            System.exit(1);
        } catch (RuntimeException bug) {
            LOG.error("ends", bug);
            System.err.println("ends by a fault of its own: " + bug);
            System.exit(1);
        }
    }

    private static int runsAlready(String described, Set<String> options) {
        System.out.println("Herald runs already.\n" + described);
        if (options.contains(FRESH)) {
            System.err.println("Its state is not touched: stop it first, then start with " + FRESH + ".");
            return 1;
        }
        return options.contains(STATUS) && !described.contains(SINCE) ? 3 : 0;
    }

    private void run(Running claim, boolean fresh, boolean withoutHerald) throws InterruptedException {
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
            if (withoutHerald) {
                stack.startWithoutHerald();
            } else {
                stack.start();
            }
            claim.describe(description(stack));
            progress.say((withoutHerald ? "All but Herald" : "Herald") + " is ready.\n" + description(stack)
                    + "\nCtrl-C stops everything.");
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
        String supervisor = "pid " + ProcessHandle.current().pid() + ", " + SINCE
                + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
        return String.join(
                "\n",
                stack.describe(),
                Infrastructure.line("state", folder.root().toString()),
                Infrastructure.line("logs", folder.log("*").toString()),
                Infrastructure.line("supervisor", supervisor));
    }

    private void end(LocalStack stack, Running claim) {
        ending = true;
        progress.say("stopping");
        stack.close();
        claim.close();
        progress.say("stopped");
    }
}
