package io.herald.sender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.sender.Outcome;
import io.herald.simulator.WebhookSimulator;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlackWebhookTest extends WebhookContract {
    SlackWebhookTest() {
        super(WebhookSimulator.Kind.SLACK);
    }

    @Override
    protected Class<? extends Outcome> forbiddenIs() {
        return Outcome.AddressGone.class;
    }

    @Test
    void letsNoTextCallAChannelOrHideALink() {
        String hostile = "<!channel> <https://evil.example|our site> &lt;";

        send(delivery().setTitle(hostile).setBody(hostile).build());

        assertThat(simulator().received()).singleElement().satisfies(post -> {
            assertThat(post.raw()).doesNotContain("<!channel>", "<https://evil");
            assertThat(post.body()).isEqualTo(hostile);
        });
    }

    @Test
    void letsNoLinkChangeItsWords() {
        send(delivery().setLink("https://example.com/?a=1&b=%7C").build());

        assertThat(simulator().received().get(0).link()).isEqualTo("https://example.com/?a=1&b=%7C");
    }

    @Test
    void leavesOutALinkIntoAnApp() {
        send(delivery().setLink("app://chat/1").build());

        assertThat(simulator().received().get(0).link()).isNull();
    }

    @Test
    void sendsTheLongestTextsWhole() {
        String body = "&".repeat(4_000);

        assertThat(send(delivery().setTitle("<".repeat(200)).setBody(body).build()))
                .isInstanceOf(Outcome.Accepted.class);
        assertThat(simulator().received().get(0).body()).isEqualTo(body);
    }

    @Test
    void sendsWithoutABody() {
        assertThat(send(delivery().setBody("").build())).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void cannotTakeAway() {
        assertThat(send(delivery().setSilent(true).setClearSeqs(List.of(1L)).build()))
                .isInstanceOf(Outcome.Rejected.class);
    }

    @Test
    void isNotSigned() {
        send(delivery().setTenant("other").build());

        assertThat(simulator().received().get(0).signatures()).isZero();
    }
}
