package io.herald.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Reads bodies that strangers send: only JSON as it is written down, no deeper than agreed, no name twice in an object.
 * How many bytes there are is limited where they are received. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
public final class JsonBodies {
    private final int depth;
    private final JsonMapper json;

    /** Creates a reader of bodies in which at most {@code depth} objects and lists hold one another. */
    public JsonBodies(int depth) {
        this.depth = depth;
        JsonFactory bounded = JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(depth).build())
                // Two readers that take different ones of the two values are how checks are got round.
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        this.json = JsonMapper.builder(bounded)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * Returns what the body holds.
     *
     * @throws ProblemException naming where it is not as agreed
     */
    public JsonNode read(Buffer body) {
        if (body == null || body.length() == 0) {
            throw new ProblemException(Problem.invalid("", "The body is empty."));
        }
        try {
            return json.readTree(body.getBytes());
        } catch (StreamConstraintsException beyond) {
            throw new ProblemException(Problem.invalid(
                    "",
                    "The body is nested deeper than " + depth
                            + ", or has a number or a name that is longer than any use."));
        } catch (JsonProcessingException malformed) {
            throw new ProblemException(Problem.invalid(where(malformed), "The body is not JSON: " + reason(malformed)));
        } catch (IOException impossible) {
            throw new IllegalStateException("memory cannot be read", impossible);
        }
    }

    private static String where(JsonProcessingException malformed) {
        return malformed.getProcessor() instanceof JsonParser parser
                ? parser.getParsingContext().pathAsPointer().toString()
                : "";
    }

    private static String reason(JsonProcessingException malformed) {
        // Jackson's own words quote the body.
        boolean twice = malformed.getOriginalMessage().startsWith("Duplicate field");
        return twice
                ? "a name is there twice."
                : "see byte " + malformed.getLocation().getByteOffset() + ".";
    }
}
