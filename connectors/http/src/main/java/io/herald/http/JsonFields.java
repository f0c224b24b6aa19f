package io.herald.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.wire.PlainJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The members of one JSON object, asked for one by one. Whatever is not of the type that is asked for is a
 * {@link ProblemException} that names the field; so is, at the end, a member that nobody asked for: a caller who
 * misspells a name must not believe that it was heard. Not thread-safe.
 */
public final class JsonFields {
    private final JsonNode object;
    private final String path;
    private final Set<String> known = new HashSet<>();

    private JsonFields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Reads a body that must be an object. */
    public static JsonFields of(JsonNode body) {
        return of(body, "");
    }

    /** Reads an object that is at {@code path}, a JSON pointer, in the body. */
    public static JsonFields of(JsonNode object, String path) {
        if (!object.isObject()) {
            throw new ProblemException(Problem.invalid(path, "Must be an object."));
        }
        return new JsonFields(object, path);
    }

    /** Returns whether the field is there, and not null. */
    public boolean has(String name) {
        known.add(name);
        return object.hasNonNull(name);
    }

    /** Returns a text of 1 to {@code longest} characters. */
    public String text(String name, int longest) {
        require(name);
        return optionalText(name, longest);
    }

    /** Returns a text of 1 to {@code longest} characters, or null where there is none. */
    public String optionalText(String name, int longest) {
        if (!has(name)) {
            return null;
        }
        JsonNode value = object.get(name);
        if (!value.isTextual()
                || value.textValue().isEmpty()
                || value.textValue().length() > longest) {
            throw invalid(name, "Must be a text of 1 to " + longest + " characters.");
        }
        return value.textValue();
    }

    /** Returns a whole number from {@code least} to {@code most}. */
    public long number(String name, long least, long most) {
        require(name);
        return optionalNumber(name, least, most);
    }

    /** Returns a whole number from {@code least} to {@code most}, or null where there is none. */
    public Long optionalNumber(String name, long least, long most) {
        return has(name) ? (Long) number(object.get(name), name, least, most) : null;
    }

    /** Returns true or false, or {@code otherwise} where nothing is said. */
    public boolean flag(String name, boolean otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!object.get(name).isBoolean()) {
            throw invalid(name, "Must be true or false.");
        }
        return object.get(name).booleanValue();
    }

    /** Returns the values of a list of at most {@code most}; none where there is no list. */
    public List<JsonNode> list(String name, int most) {
        if (!has(name)) {
            return List.of();
        }
        if (!object.get(name).isArray() || object.get(name).size() > most) {
            throw invalid(name, "Must be a list of at most " + most + ".");
        }
        List<JsonNode> values = new ArrayList<>();
        object.get(name).forEach(values::add);
        return values;
    }

    /** Returns a list of at most {@code most} whole numbers from {@code least} on; none where there is no list. */
    public List<Long> numbers(String name, int most, long least) {
        return list(name, most).stream()
                .map(value -> number(value, name, least, Long.MAX_VALUE))
                .toList();
    }

    /** Returns the object of that name, to be asked and {@link #end}ed itself; null where there is none. */
    public JsonFields object(String name) {
        return has(name) ? of(object.get(name), pointer(name)) : null;
    }

    /** Returns the raw value, or null where there is none. */
    public JsonNode any(String name) {
        return has(name) ? object.get(name) : null;
    }

    /** Returns the raw value, JSON's null where it is that; null where there is no such field. */
    public JsonNode given(String name) {
        known.add(name);
        return object.get(name);
    }

    /** Refuses whatever was not asked for. */
    public void end() {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw invalid(name, "Is not known here.");
            }
        }
    }

    /** Returns what to throw where the field's value is wrong. */
    public ProblemException invalid(String name, String detail) {
        return new ProblemException(Problem.invalid(pointer(name), detail));
    }

    /** Returns the JSON pointer of a member. */
    public String pointer(String name) {
        return PlainJson.step(path, name);
    }

    private void require(String name) {
        if (!has(name)) {
            throw invalid(name, "Is missing.");
        }
    }

    private long number(JsonNode value, String name, long least, long most) {
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw invalid(name, "Must be a whole number from " + least + " to " + most + ".");
        }
        return value.longValue();
    }
}
