package io.herald.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The child's end of {@link Child}: reads orders until there are no more. */
final class Orders {
    static final String DONE = "done";

    private final PrintStream out;

    /** Carries out an order and returns what to answer. */
    interface Obeying {
        String obey(List<String> order) throws Exception;
    }

    Orders(PrintStream out) {
        this.out = out;
    }

    /** Reads words of the form {@code key=value}. */
    static Map<String, String> settings(List<String> words) {
        Map<String, String> settings = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            settings.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return settings;
    }

    void obey(Obeying obeying) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answer(line, obeying);
        }
    }

    private void answer(String line, Obeying obeying) {
        try {
            done(obeying.obey(List.of(line.split("\t"))));
        } catch (Exception failure) {
            out.println("failed: " + String.valueOf(failure.getMessage()).replace('\n', ' '));
        }
    }

    void done(String answer) {
        out.println(DONE + " " + answer);
    }
}
