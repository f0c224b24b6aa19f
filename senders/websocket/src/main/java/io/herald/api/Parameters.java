package io.herald.api;

import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.wire.Heard;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The parameters of a query, asked for one by one; whatever is wrong with one is a problem that names it. */
final class Parameters {
    private static final int DIGITS = 18;

    private final MultiMap given;
    private final Set<String> known = new HashSet<>();

    Parameters(MultiMap given) {
        this.given = given;
    }

    Long optionalNumber(String name, long least, long most) {
        String text = optionalText(name, DIGITS);
        if (text == null) {
            return null;
        }
        boolean digits = text.chars().allMatch(letter -> letter >= '0' && letter <= '9');
        if (!digits || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw invalid(name, "Must be a whole number from " + least + " to " + most + ".");
        }
        return Long.valueOf(text);
    }

    boolean flag(String name) {
        String text = optionalText(name, "false".length());
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw invalid(name, "Must be true or false.");
        }
        return "true".equals(text);
    }

    String optionalText(String name, int longest) {
        known.add(name);
        List<String> values = given.getAll(name);
        if (values.isEmpty()) {
            return null;
        }
        String value = values.get(0);
        boolean isText =
                !value.isEmpty() && value.length() <= longest && value.chars().noneMatch(Character::isISOControl);
        if (values.size() > 1 || !isText) {
            throw invalid(name, "Must be there once, with 1 to " + longest + " characters.");
        }
        return value;
    }

    /** Returns the receipt that what is read has to cover; nothing where none is given. */
    Heard after() {
        String text = optionalText("after", 200);
        try {
            return text == null ? Heard.NOTHING : Heard.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid("after", "Must be the receipt of a write.");
        }
    }

    /** Refuses what was not asked for: who misspells a filter must not believe that it works. */
    void end() {
        for (String name : given.names()) {
            if (!known.contains(name)) {
                // Not its name: it is the caller's text.
                throw invalid("query", "Has a parameter that is not known here.");
            }
        }
    }

    private static ProblemException invalid(String name, String detail) {
        return new ProblemException(Problem.invalid(name, detail));
    }
}
