package io.herald.sender.email;

import static io.herald.sender.email.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.testkit.NodeScripts;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against an SES that nobody of Herald wrote: the npm package aws-ses-v2-local, which checks requests by a schema. */
@Timeout(300)
class SesV2LocalIT {
    @TempDir
    Path folder;

    private Process server;
    private URI url;

    @BeforeEach
    void start() throws Exception {
        server = NodeScripts.install(new File("src/test/js"))
                .start("node_modules/aws-ses-v2-local/dist/cli.js", "--host", "127.0.0.1", "--port", "0");
        url = URI.create(NodeScripts.awaitLine(server, "server running at "));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.destroy();
        }
    }

    private SesProvider provider() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        SesConfig config = SesConfig.from(Map.of(
                "ses.from.address", "news@herald.example",
                "ses.from.name", "Zoë's News",
                "ses.region", "eu-central-1",
                "ses.configuration.set", "herald",
                "ses.access.key.id", "id",
                "ses.secret.access.key", "secret",
                "ses.url", url.toString(),
                "ses.unsubscribe.url", "https://mail.herald.example/u/{token}",
                "ses.unsubscribe.key.file", keys.toString()));
        return new SesProvider(config, 1, Duration.ofSeconds(15));
    }

    @Test
    void isUnderstood() throws Exception {
        Delivery mail = delivery()
                .setMarketing(true)
                .setUser("ann/ünïcode@home")
                .setAddressName("Siân O’Brien-d'Arcy 👩🏽‍🚀")
                .setTitle("Grüße 👩🏽‍🚀")
                .build();

        try (SesProvider provider = provider()) {
            assertThat(provider.send(mail).toCompletableFuture().get()).isInstanceOf(Outcome.Accepted.class);
        }

        JsonNode stored = stored().path("emails").path(0);
        assertThat(stored.path("subject").asText()).isEqualTo(mail.getTitle());
        assertThat(stored.path("body").path("text").asText()).isEqualTo(mail.getBody());
        assertThat(stored.path("body").path("html").asText()).isEqualTo(mail.getHtml());
        assertThat(stored.path("destination").path("to")).singleElement().satisfies(to -> assertThat(to.asText())
                .endsWith("<alice@example.com>"));
        assertThat(stored.path("headers").findValuesAsText("name"))
                .containsExactly("List-Unsubscribe", "List-Unsubscribe-Post");
        assertThat(stored.path("headers").path(1).path("value").asText()).isEqualTo("List-Unsubscribe=One-Click");
    }

    /** It knows no account unless told of one, and says so by 400. */
    @Test
    void sendsWhereTheAccountIsNotTold() throws Exception {
        try (SesProvider provider = provider()) {
            assertThat(provider.send(delivery().build()).toCompletableFuture().get())
                    .isInstanceOf(Outcome.Accepted.class);
            assertThat(provider.allowedPerSecond()).isEmpty();
        }
        assertThat(stored().path("emails")).hasSize(1);
    }

    private JsonNode stored() throws Exception {
        String json = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url.resolve("/store")).build(), BodyHandlers.ofString())
                .body();
        return new ObjectMapper().readTree(json);
    }
}
