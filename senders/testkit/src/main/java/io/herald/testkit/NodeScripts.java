package io.herald.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Scripts for Node.js, with what npm brings: servers and clients that nobody here wrote. */
public final class NodeScripts {
    private static final int INSTALL_SECONDS = 120;

    private final File folder;
    private final File logs;

    private NodeScripts(File folder, File logs) {
        this.folder = folder;
        this.logs = logs;
    }

    /**
     * Installs what a folder's lock file names; skips the test where Node.js is missing.
     *
     * @param folder with scripts, package.json and package-lock.json
     */
    public static NodeScripts install(File folder) throws IOException, InterruptedException {
        assumeTrue(there("node") && there("npm"), "Node.js is not on this machine");
        return demand(folder);
    }

    /** As {@link #install}, for tests that nothing else stands in for: without Node.js they fail. */
    public static NodeScripts demand(File folder) throws IOException, InterruptedException {
        return demand(folder, new File("target"));
    }

    /**
     * The same.
     *
     * @param logs a folder for what scripts say on their error output
     */
    public static NodeScripts demand(File folder, File logs) throws IOException, InterruptedException {
        NodeScripts scripts = new NodeScripts(folder, logs);
        scripts.run(INSTALL_SECONDS, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        return scripts;
    }

    /** Runs a command to its end, which must be a good one, in time. */
    public void run(int seconds, String... command) throws IOException, InterruptedException {
        File output = new File(logs, "node-" + command[0] + ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(command[0] + " did not end well, see " + output);
        }
    }

    /** Starts a script that goes on until the caller destroys it, and says on its output what the caller waits for. */
    public Process start(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder)
                .redirectError(new File(logs, "node-" + new File(script).getName() + ".log"))
                .start();
    }

    /** Returns what follows {@code words} on the first line that has them; fails if the process ends before. */
    public static String awaitLine(Process process, String words) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            int at = line.indexOf(words);
            if (at >= 0) {
                return line.substring(at + words.length()).strip();
            }
        }
        throw new AssertionError("it ended without saying: " + words);
    }

    private static boolean there(String command) throws InterruptedException {
        try {
            return new ProcessBuilder(command, "--version")
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor(30, TimeUnit.SECONDS);
        } catch (IOException missing) {
            return false;
        }
    }
}
