package io.herald.sender.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.sender.Outcome;
import io.herald.simulator.WebhookSimulator;
import org.junit.jupiter.api.Test;

class TeamsWebhookTest extends WebhookContract {
    TeamsWebhookTest() {
        super(WebhookSimulator.Kind.TEAMS);
    }

    @Override
    protected Class<? extends Outcome> unknownIs() {
        return Outcome.Rejected.class;
    }

    @Test
    void fitsTheLimitWhateverTheBody() {
        String body = "\u0001".repeat(30_000);

        assertThat(send(delivery().setBody(body).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(simulator().received().get(0).raw().getBytes(UTF_8).length)
                .isBetween(TeamsCard.MOST_BYTES - 10, TeamsCard.MOST_BYTES);
    }

    @Test
    void leadsToTheLink() {
        send(delivery().build());

        assertThat(simulator().received().get(0).link()).isEqualTo("https://example.com/p/1");
        assertThat(simulator().received().get(0).raw()).contains("\"title\":\"example.com\"");
    }

    @Test
    void letsNoTextBeMarkdown() {
        send(delivery().setBody("[our site](https://evil.example)").build());

        assertThat(simulator().received().get(0).raw()).doesNotContain("TextBlock\",\"text");
    }
}
