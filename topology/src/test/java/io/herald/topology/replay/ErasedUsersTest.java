package io.herald.topology.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Mail;
import io.herald.schema.Platform;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.OneDecisionEach;
import io.herald.topology.identity.Ids;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.StateEntry;
import io.herald.topology.testing.BareRouter;
import io.herald.topology.testing.HeraldDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing that names an erased user is loaded or read again; of everybody else, all is. */
class ErasedUsersTest {
    private static final String GONE = "user-to-forget";
    private static final String STAYS = "user-who-stays";
    private static final ErasedUsers ERASED = new ErasedUsers(Set.of(Ids.hash(HeraldDriver.TENANT, GONE)));
    private static final ErasedUsers NOBODY = new ErasedUsers(Set.of());

    // What is held stays so until the end.
    private final HeraldDriver herald = new HeraldDriver("erased-users").without(OneDecisionEach.class);

    @BeforeEach
    void live() {
        herald.template("comment", Channel.INBOX, "t", "b").template("comment", Channel.PUSH, "t", "b");
        for (String user : List.of(GONE, STAYS)) {
            herald.device(user, "phone", Platform.APNS, "token-of-" + user);
            herald.subscribes(user, "sports");
            herald.event("e-" + user, "comment", "bo", user);
            herald.event("held-" + user, "unknown", "bo", user);
        }
        for (Delivery delivery : herald.deliveries(Topics.DELIVERY_APNS)) {
            herald.reports(delivery, ReportedOutcome.RETRY);
        }
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void theirStateIsLeftOut() {
        try (BareRouter router = new BareRouter(herald.wireConfig(), 10)) {
            router.run(herald.mailbox());
            for (String store : RouterStores.NAMES) {
                List<StateEntry> all = router.entries(store);
                List<StateEntry> kept =
                        all.stream().filter(entry -> !ERASED.owns(store, entry)).toList();
                assertThat(kept).as(store).noneMatch(entry -> names(entry, GONE));
                assertThat(kept.stream().filter(entry -> names(entry, STAYS)).count())
                        .as(store)
                        .isEqualTo(all.stream()
                                .filter(entry -> names(entry, STAYS))
                                .count());
                assertThat(all).allMatch(entry -> !NOBODY.owns(store, entry));
            }
            assertThat(RouterStores.NAMES)
                    .as("where there was something to leave out")
                    .filteredOn(store -> router.entries(store).stream().anyMatch(entry -> names(entry, GONE)))
                    .containsExactly(
                            RouterStores.PROFILES,
                            RouterStores.ACTIVITY,
                            RouterStores.PENDING,
                            RouterStores.AGENDA,
                            RouterStores.SUBSCRIBERS,
                            RouterStores.TOKENS);
        }
    }

    @Test
    void theirMailIsLeftOut() {
        List<Mail> kept = new ArrayList<>();
        for (TestRecord<byte[], byte[]> letter : herald.mailbox()) {
            Mail mail = herald.mail(letter);
            assertThat(NOBODY.owns(mail)).isFalse();
            if (!ERASED.owns(mail)) {
                kept.add(mail);
            }
        }
        assertThat(kept).noneMatch(mail -> mail.toString().contains(GONE));
        assertThat(kept).anyMatch(mail -> mail.toString().contains(STAYS));
        assertThat(kept.size()).isLessThan(herald.mailbox().size());
    }

    private static boolean names(StateEntry entry, String user) {
        return new String(entry.key().get(), UTF_8).contains(user)
                || new String(entry.value().get(), UTF_8).contains(user);
    }
}
