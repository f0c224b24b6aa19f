package io.herald.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
    private static final String HERE = "https://herald.test/openapi.json";
    private static final JsonNode DESCRIPTION = read();

    @TempDir
    Path folder;

    @Test
    void describesWhatIsServedAndNothingElse() {
        List<String> served;
        Vertx vertx = Vertx.vertx();
        try {
            served = new InboxApi(
                            vertx,
                            token -> null,
                            new ApiSettings(1, 1),
                            new HeldReader(),
                            new Writes((topic, user, value) -> null, Clock.systemUTC()),
                            Clock.systemUTC())
                    .routes().stream()
                            .map(route -> route.method().name().toLowerCase(Locale.ROOT) + " " + route.path())
                            .toList();
        } finally {
            vertx.close();
        }
        List<String> described = new ArrayList<>();
        DESCRIPTION.get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> described.add(method + " " + path.getKey())));

        assertThat(new TreeSet<>(described)).isEqualTo(new TreeSet<>(served));
    }

    @TestFactory
    Stream<DynamicTest> examplesAreAsTheirSchemasSay() {
        List<Map.Entry<String, JsonNode>> contents = new ArrayList<>();
        collect(DESCRIPTION, "", contents);
        assertThat(contents).hasSizeGreaterThan(20);
        JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(HERE, DESCRIPTION.toString()))));
        return contents.stream()
                .map(content -> DynamicTest.dynamicTest(content.getKey(), () -> {
                    JsonSchema schema = schemas.getSchema(SchemaLocation.of(HERE + "#" + content.getKey() + "/schema"));
                    assertThat(schema.validate(content.getValue().get("example")))
                            .isEmpty();
                }));
    }

    @Test
    void servesTheDescriptionToAnybody() throws Exception {
        try (ApiServer server = ApiServer.api(folder, vertx -> new HeldReader(), new ApiSettings(1, 1))) {
            var answer = server.send(server.request("/openapi.json"));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(new ObjectMapper().readTree(answer.body())).isEqualTo(DESCRIPTION);
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsAnsweredIsAsDescribed() {
        Map<String, String> pages = Map.of(
                "/v1/inbox", "Page",
                "/v1/inbox/unread-count", "Unread",
                "/v1/inbox/1", "Item",
                "/v1/preferences", "Preferences",
                "/v1/devices", "Devices",
                "/v1/subscriptions", "Subscriptions",
                "/v1/subscriptions/sports", "Subscription");
        JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(HERE, DESCRIPTION.toString()))));
        return pages.entrySet().stream()
                .map(page -> DynamicTest.dynamicTest(page.getKey(), () -> {
                    try (ApiServer server = ApiServer.api(folder, vertx -> new HeldReader(), new ApiSettings(9, 9))) {
                        JsonNode body = new ObjectMapper()
                                .readTree(server.get("ann", page.getKey()).body());
                        JsonSchema schema =
                                schemas.getSchema(SchemaLocation.of(HERE + "#/components/schemas/" + page.getValue()));
                        assertThat(schema.validate(body)).isEmpty();
                    }
                }));
    }

    // Everything that has an example beside its schema, by JSON pointer.
    private static void collect(JsonNode node, String pointer, List<Map.Entry<String, JsonNode>> contents) {
        if (node.has("schema") && node.has("example")) {
            contents.add(Map.entry(pointer, node));
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            field.getValue(),
                            pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                            contents));
        } else if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                collect(node.get(index), pointer + "/" + index, contents);
            }
        }
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(OpenApi.read().text());
        } catch (java.io.IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }
}
