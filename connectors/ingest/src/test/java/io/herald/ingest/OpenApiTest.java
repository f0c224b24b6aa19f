package io.herald.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.DeviceChanged;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.TemplateChanged;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpenApiTest {
    static final JsonNode DOCUMENT = document();

    private static final String SCHEMAS = "#/components/schemas/";

    static JsonNode document() {
        try {
            return new ObjectMapper().readTree(Ingest.document().getBytes());
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void namesEachRouteAndNoOther() {
        Set<String> documented = new TreeSet<>();
        DOCUMENT.get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(Operations.of(null, null).stream().map(Operation::name))
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void saysTheScopesThatAreAsked() {
        for (Operation operation : Operations.of(null, null)) {
            JsonNode security = operation(operation).get("security");
            assertThat(security.findValuesAsText("key")).hasSize(1);
            assertThat(security.toString())
                    .as(operation.name())
                    .contains(operation.scope().text());
        }
        assertThat(DOCUMENT.at("/components/securitySchemes/oauth2/flows/clientCredentials/scopes")
                        .fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Scope.values()).map(Scope::text).toList());
    }

    private static JsonNode operation(Operation operation) {
        return DOCUMENT.get("paths")
                .get(operation.path())
                .get(operation.method().name().toLowerCase(Locale.ROOT));
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                body("Notification", NotificationRequested.getClassSchema(), "tenant"),
                body("Cancel", NotificationCancelled.getClassSchema(), "tenant"),
                body("Broadcast", BroadcastRequested.getClassSchema(), "tenant"),
                body("Preferences", PreferenceChanged.getClassSchema(), "tenant", "user"),
                body("Device", DeviceChanged.getClassSchema(), "tenant", "user", "device"),
                body("Contact", ContactChanged.getClassSchema(), "tenant", "user", "kind"),
                body("Rule", RuleChanged.getClassSchema(), "tenant", "category", "removed"),
                body("Template", TemplateChanged.getClassSchema(), "tenant", "category", "channel", "locale"));
    }

    private static Arguments body(String name, Schema schema, String... given) {
        return Arguments.of(name, schema, Set.of(given));
    }

    /** A field that the schema of a topic gains must be written down here too. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void hasTheFieldsOfTheTopic(String name, Schema schema, Set<String> given) {
        Set<String> fields = new HashSet<>();
        boolean event = Set.of("Notification", "Broadcast").contains(name);
        schema.getFields()
                .forEach(field ->
                        fields.add(event && field.name().equals("channels") ? "deliveryChannels" : field.name()));
        fields.removeAll(given);
        if (name.equals("Notification")) {
            fields.add("lane");
        }

        assertThat(DOCUMENT.at("/components/schemas/" + name + "/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(fields);
    }

    /** An example in the document, of a request or an answer. */
    record Example(String where, JsonNode schema, JsonNode value) {
        @Override
        public String toString() {
            return where;
        }
    }

    static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        collect("", DOCUMENT.get("paths"), examples);
        collect("", DOCUMENT.at("/components/responses"), examples);
        return examples;
    }

    private static void collect(String where, JsonNode node, List<Example> examples) {
        if (node.has("schema") && node.has("examples")) {
            node.get("examples")
                    .properties()
                    .forEach(example -> examples.add(new Example(
                            where + " " + example.getKey(),
                            node.get("schema"),
                            example.getValue().get("value"))));
        }
        for (Map.Entry<String, JsonNode> child : node.properties()) {
            collect(where + "/" + child.getKey(), child.getValue(), examples);
        }
    }

    @Test
    void hasAnExampleOfEachBody() {
        List<Operation> withBody =
                Operations.of(null, null).stream().filter(Operation::body).toList();

        assertThat(withBody).isNotEmpty().allSatisfy(operation -> assertThat(
                        operation(operation).at("/requestBody/content/application~1json/examples"))
                .isNotEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void anExampleIsAsItsSchemaSays(Example example) {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        JsonSchema whole = factory.getSchema(
                SchemaLocation.of("https://herald.test/openapi.json"),
                withSchema(example.schema()),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());

        assertThat(whole.validate(example.value())).isEmpty();
        assertThat(example.schema().toString()).contains(SCHEMAS);
    }

    // The document's components at hand for the references in the schema.
    private static JsonNode withSchema(JsonNode schema) {
        return ((ObjectNode) schema.deepCopy()).set("components", DOCUMENT.get("components"));
    }
}
