package io.herald.topology.replay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.RuleChanged;
import io.herald.topology.intake.RuleIntake;
import io.herald.wire.PlainJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rules to try: a JSON list of {@link RuleChanged} with its fields as they are named in the schema, those left out at
 * their defaults. Each is checked as intake would check it.
 */
final class RulesFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private RulesFile() {}

    static List<RuleChanged> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException failure) {
            throw new IllegalArgumentException("--rules " + file + " cannot be read", failure);
        }
    }

    /**
     * Reads rules.
     *
     * @throws IllegalArgumentException saying which of them is wrong, and in what
     */
    static List<RuleChanged> parse(String text) {
        List<RuleChanged> rules = new ArrayList<>();
        Set<String> categories = new HashSet<>();
        for (JsonNode json : list(text)) {
            try {
                RuleChanged rule = RuleIntake.checked(PlainJson.read(RuleChanged.class, json));
                if (!categories.add(rule.getTenant() + "/" + rule.getCategory())) {
                    throw new IllegalArgumentException("there is another rule of the category " + rule.getCategory());
                }
                rules.add(rule);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("rule " + (rules.size() + 1) + ": " + wrong.getMessage(), wrong);
            }
        }
        return rules;
    }

    private static JsonNode list(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isArray() || json.isEmpty()) {
                throw new IllegalArgumentException("the rules are not a JSON list with rules in it");
            }
            return json;
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("the rules are not JSON: " + broken.getOriginalMessage(), broken);
        }
    }
}
