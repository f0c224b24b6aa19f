package io.herald.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.herald.schema.InboxAct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads commands. Thread-safe. Fields that it does not know are ignored, so that clients may be newer. */
final class CommandReader {
    static final int MAX_SEQS = 100;
    private static final int MAX_ID = 64;

    private static final Map<String, InboxAct> ACTS = Map.of(
            "seen", InboxAct.SEEN,
            "read", InboxAct.READ,
            "unread", InboxAct.UNREAD,
            "archive", InboxAct.ARCHIVED,
            "dismiss", InboxAct.DISMISSED);

    private final JsonMapper json = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    Command read(String message) throws InvalidCommandException {
        JsonNode command = parse(message);
        String type = command.path("type").asText("");
        if (type.equals("auth")) {
            return new Command.Authenticate(token(command));
        }
        if (type.equals("ping")) {
            return new Command.Ping();
        }
        if (type.equals("ack")) {
            return new Command.Acknowledge(seq(command.path("upTo"), null, "upTo"));
        }
        if (type.equals("resume")) {
            return new Command.Resume(since(command));
        }
        String id = id(command);
        InboxAct act = ACTS.get(type);
        if (act == null) {
            throw new InvalidCommandException(
                    id,
                    "type",
                    "must be one of auth, ping, ack, resume, "
                            + String.join(", ", ACTS.keySet().stream().sorted().toList()));
        }
        if (id == null) {
            throw new InvalidCommandException(null, "id", "must be a text of 1 to " + MAX_ID + " characters");
        }
        return act(command, id, act);
    }

    private JsonNode parse(String message) throws InvalidCommandException {
        JsonNode command;
        try {
            command = json.readTree(message);
        } catch (JsonProcessingException malformed) {
            throw new InvalidCommandException(null, "message", "is not JSON");
        }
        if (!command.isObject()) {
            throw new InvalidCommandException(null, "message", "must be a JSON object");
        }
        return command;
    }

    private static String token(JsonNode command) throws InvalidCommandException {
        JsonNode token = command.path("token");
        if (!token.isTextual() || token.textValue().isEmpty()) {
            throw new InvalidCommandException(null, "token", "must be a text");
        }
        return token.textValue();
    }

    private static Position since(JsonNode command) throws InvalidCommandException {
        JsonNode since = command.path("since");
        Position position = since.isTextual() ? Position.parse(since.textValue()) : null;
        if (position == null) {
            throw new InvalidCommandException(null, "since", "must be a text of the form seq.version.epoch");
        }
        return position;
    }

    private static String id(JsonNode command) {
        JsonNode id = command.path("id");
        boolean usable =
                id.isTextual() && !id.textValue().isEmpty() && id.textValue().length() <= MAX_ID;
        return usable ? id.textValue() : null;
    }

    private static Command.Act act(JsonNode command, String id, InboxAct act) throws InvalidCommandException {
        Long upTo = command.hasNonNull("upTo") ? seq(command.get("upTo"), id, "upTo") : null;
        List<Long> seqs = new ArrayList<>();
        if (command.hasNonNull("seqs")) {
            JsonNode list = command.get("seqs");
            if (!list.isArray() || list.size() > MAX_SEQS) {
                throw new InvalidCommandException(id, "seqs", "must be a list of at most " + MAX_SEQS);
            }
            for (JsonNode seq : list) {
                seqs.add(seq(seq, id, "seqs"));
            }
        }
        if (seqs.isEmpty() && upTo == null) {
            throw new InvalidCommandException(id, "seqs", "must name an item, unless upTo is given");
        }
        if (act == InboxAct.UNREAD && upTo != null) {
            // Nobody means to bring back everything they ever read, and it would be a rewrite of the whole inbox.
            throw new InvalidCommandException(
                    id, "upTo", "does not go with " + act.name().toLowerCase(Locale.ROOT));
        }
        return new Command.Act(id, act, List.copyOf(seqs), upTo);
    }

    private static long seq(JsonNode node, String id, String field) throws InvalidCommandException {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 1) {
            throw new InvalidCommandException(id, field, "must be whole numbers from 1 upwards");
        }
        return node.longValue();
    }
}
