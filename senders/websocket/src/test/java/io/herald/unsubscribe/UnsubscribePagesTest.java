package io.herald.unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.api.ApiServer;
import io.herald.consent.ConsentKeys;
import io.herald.consent.Unsubscribe;
import io.herald.consent.UnsubscribeTokens;
import io.herald.schema.Channel;
import io.herald.schema.PreferenceChanged;
import io.herald.testkit.LogCapture;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsubscribePagesTest {
    private static final String ONE_CLICK = "List-Unsubscribe=One-Click";
    private static final Unsubscribe WHAT = new Unsubscribe("demo", "ann", "marketing");

    @TempDir
    Path folder;

    private UnsubscribeTokens tokens;
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        tokens = tokens(1);
        server = server(100);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void actsOnThePostOfAMailProgram() throws Exception {
        HttpResponse<String> answer = post("?t=" + tokens.token(WHAT), ONE_CLICK);

        assertThat(answer.statusCode()).isEqualTo(200);
        PreferenceChanged change = (PreferenceChanged) server.written().get(0).value();
        assertThat(change.getUser()).isEqualTo("ann");
        assertThat(change.getOptOuts()).hasSize(1);
        assertThat(change.getOptOuts().get(0).getCategory()).isEqualTo("marketing");
        assertThat(change.getOptOuts().get(0).getChannel()).isEqualTo(Channel.EMAIL);
        assertThat(change.getOptOuts().get(0).getOptedOut()).isTrue();
    }

    @Test
    void takesTheFormWithPartsToo() throws Exception {
        String body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";

        HttpResponse<String> answer = server.send(server.request("/unsubscribe?t=" + tokens.token(WHAT))
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(server.written()).hasSize(1);
    }

    @Test
    void onlyAsksWhenItIsRead() throws Exception {
        String token = tokens.token(WHAT);

        HttpResponse<String> page = server.send(server.request("/unsubscribe?t=" + token));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(server.written()).as("scanners of mail read every link").isEmpty();
        assertThat(page.body()).contains("<html lang=\"en\">", "method=\"post\"", token, "<button type=\"submit\">");
        assertThat(page.body())
                .doesNotContain("ann")
                .doesNotContain("marketing")
                .doesNotContain("<script");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(post("", "t=" + token + "&" + ONE_CLICK).statusCode())
                .as("as its form does")
                .isEqualTo(200);
        assertThat(server.written()).hasSize(1);
    }

    @Test
    void mayBeRepeated() throws Exception {
        String token = tokens.token(WHAT);

        assertThat(post("?t=" + token, ONE_CLICK).statusCode()).isEqualTo(200);
        assertThat(post("?t=" + token, ONE_CLICK).statusCode()).isEqualTo(200);
    }

    @Test
    void takesNothingElse() throws Exception {
        String good = tokens.token(WHAT);
        String changed = good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A");
        String foreign = tokens(2).token(WHAT);

        for (String query : List.of(
                "",
                "?t=",
                "?t=" + changed,
                "?t=" + foreign,
                "?t=" + "A".repeat(800),
                "?t=" + good + "&t=" + good,
                "?t=%3Cscript%3E")) {
            HttpResponse<String> answer = post(query, ONE_CLICK);
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("script");
            assertThat(server.send(server.request("/unsubscribe" + query)).statusCode())
                    .isEqualTo(400);
        }
        assertThat(post("?t=" + good, "List-Unsubscribe=Maybe").statusCode()).isEqualTo(400);
        assertThat(post("?t=" + good, "x=1").statusCode()).isEqualTo(400);
        assertThat(server.send(server.request("/unsubscribe?t=" + good)
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString(ONE_CLICK)))
                        .statusCode())
                .isEqualTo(415);
        assertThat(server.written()).isEmpty();
    }

    @Test
    void isNotDoneBeforeKafkaHasIt() throws Exception {
        server.fail();
        String token = tokens.token(WHAT);
        try (LogCapture log = LogCapture.begin()) {
            HttpResponse<String> answer = post("?t=" + token, ONE_CLICK);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(log.lines()).noneMatch(line -> line.contains(token));
        }
    }

    @Test
    void slowsFloodsDown() throws Exception {
        try (ApiServer slow = server(1)) {
            slow.send(slow.request("/unsubscribe?t=x"));
            assertThat(slow.send(slow.request("/unsubscribe?t=x")).statusCode()).isEqualTo(429);
        }
    }

    private HttpResponse<String> post(String query, String form) throws Exception {
        return server.send(server.request("/unsubscribe" + query)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private ApiServer server(int perSecond) {
        return new ApiServer(
                folder, (router, started) -> new UnsubscribePages(tokens, perSecond, started.writes()).mount(router));
    }

    private static UnsubscribeTokens tokens(int key) throws Exception {
        byte[] secret = new byte[32];
        secret[0] = (byte) key;
        ConsentKeys keys = ConsentKeys.parse(Base64.getEncoder().encodeToString(secret));
        return new UnsubscribeTokens(() -> keys);
    }
}
