package io.herald.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What was asked for on the command line.
 *
 * @param quick fewer and shorter rounds, within five minutes
 * @param json where to write the figures
 */
record Arguments(String name, boolean quick, Optional<Path> json) {
    /** The line does not say what to measure; the message tells the user why. */
    static final class WrongArgumentsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongArgumentsException(String message) {
            super(message);
        }
    }

    /**
     * Reads {@code NAME [--quick] [--json FILE]}, options in any place.
     *
     * @param known the names that there are
     * @throws WrongArgumentsException for anything else
     */
    static Arguments parse(List<String> words, List<String> known) {
        String name = null;
        boolean quick = false;
        Path json = null;
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--quick")) {
                quick = true;
            } else if (word.equals("--json")) {
                if (!rest.hasNext()) {
                    throw new WrongArgumentsException("--json wants a file");
                }
                json = Path.of(rest.next());
            } else if (word.startsWith("-")) {
                throw new WrongArgumentsException("unknown option " + word);
            } else if (name != null) {
                throw new WrongArgumentsException("one benchmark at a time: " + name + " or " + word);
            } else {
                name = word;
            }
        }
        if (name == null || !known.contains(name)) {
            String there = "there are: " + String.join(", ", known);
            throw new WrongArgumentsException(name == null ? there : "no benchmark " + name + "; " + there);
        }
        return new Arguments(name, quick, Optional.ofNullable(json));
    }
}
