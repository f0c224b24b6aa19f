package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Cancellation;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.Reason;
import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CancellationIntakeTest {
    @ParameterizedTest(name = "{6}")
    @CsvSource(nullValues = "null", textBlock = """
            '',   shop, 1,   e-1,  null, tenant,     no tenant
            acme, '',   1,   e-1,  null, source,     no source
            acme, shop, 0,   e-1,  null, recipients, nobody
            acme, shop, 101, e-1,  null, recipients, too many
            acme, shop, 1,   null, null, id,         neither of the two
            acme, shop, 1,   e-1,  k-1,  cancelKey,  both of the two
            acme, shop, 1,   '',   null, id,         an empty id
            acme, shop, 1,   null, '',   cancelKey,  an empty key
            """)
    void aRefusalNamesTheField(
            String tenant, String source, int recipients, String id, String cancelKey, String field, String why) {
        refused(new NotificationCancelled(tenant, source, users(recipients), id, cancelKey), field);
    }

    @Test
    void namesAreBounded() {
        refused(new NotificationCancelled("acme", "shop", users(1), "x".repeat(129), null), "id");
        refused(new NotificationCancelled("acme", "shop", users(1), null, "x".repeat(65)), "cancelKey");
        refused(new NotificationCancelled("acme", "shop", List.of("x".repeat(129)), "e-1", null), "recipients");
        refused(new NotificationCancelled("acme", "shop", List.of("ann", ""), "e-1", null), "recipients");
    }

    @Test
    void byIdItNamesTheNotificationOfEachRecipient() {
        assertThat(NotificationIntake.cancel(
                        new NotificationCancelled("acme", "shop", List.of("ann", "bob", "ann"), "e-1", null)))
                .containsExactly(
                        letter("ann", Ids.notification("acme", "shop", "e-1", "ann"), null),
                        letter("bob", Ids.notification("acme", "shop", "e-1", "bob"), null));
    }

    @Test
    void byKeyItNamesWhateverHasTheKey() {
        assertThat(NotificationIntake.cancel(new NotificationCancelled("acme", "shop", List.of("ann"), null, "k-1")))
                .containsExactly(letter("ann", null, "k-1"));
    }

    @Test
    void aHundredRecipientsAreAHundredLetters() {
        assertThat(NotificationIntake.cancel(new NotificationCancelled("acme", "shop", users(100), "e-1", null)))
                .hasSize(100);
        assertThat(NotificationIntake.cancel(
                        new NotificationCancelled("acme", "shop", Collections.nCopies(100, "ann"), "e-1", null)))
                .hasSize(1);
    }

    private static void refused(NotificationCancelled cancel, String field) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> NotificationIntake.cancel(cancel));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).isNotBlank();
    }

    private static Intake.Letter letter(String user, String notificationId, String cancelKey) {
        return new Intake.Letter(
                new UserKey("acme", user), new Cancellation("acme", user, "shop", notificationId, cancelKey));
    }

    private static List<String> users(int count) {
        return IntStream.range(0, count).mapToObj(number -> "user-" + number).toList();
    }
}
