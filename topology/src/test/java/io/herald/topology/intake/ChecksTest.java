package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.PreferenceChanged;
import io.herald.schema.SubscriptionChanged;
import io.herald.topic.Topics;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void cleansWhatIntakeWouldClean() {
        PreferenceChanged change = PreferenceChanged.newBuilder()
                .setTenant("demo")
                .setUser("ann")
                .setLocale("DE-at")
                .setDisplayName("Ann\r\nBcc: x")
                .build();

        Checks.check(Topics.PREFERENCE_CHANGED, change, NOW);

        assertThat(change.getLocale()).isEqualTo("de-AT");
        assertThat(change.getDisplayName()).isEqualTo("Ann Bcc: x");
    }

    @Test
    void namesTheFieldThatIntakeWouldRefuse() {
        SubscriptionChanged change = new SubscriptionChanged("demo", "ann", "Sports", true);

        assertThatThrownBy(() -> Checks.check(Topics.SUBSCRIPTION_CHANGED, change, NOW))
                .isInstanceOf(RefusedException.class)
                .extracting(refused -> ((RefusedException) refused).field())
                .isEqualTo("topic");
    }

    @Test
    void takesNoRecordOfAnotherTopic() {
        SubscriptionChanged change = new SubscriptionChanged("demo", "ann", "sports", true);

        assertThatThrownBy(() -> Checks.check(Topics.PREFERENCE_CHANGED, change, NOW))
                .isInstanceOf(ClassCastException.class);
    }
}
