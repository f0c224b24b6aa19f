package io.herald.topology.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Checkpoint;
import io.herald.schema.Cut;
import io.herald.schema.Decision;
import io.herald.schema.Mail;
import io.herald.schema.Platform;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A checkpoint marks every store, and nobody who walks over the stores meets the mark. */
class CheckpointTest {
    private final HeraldDriver herald = new HeraldDriver("checkpoint");

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void everyStoreHoldsWhereTheNewestCheckpointWas() {
        herald.template("comment", Channel.INBOX, "{{actor}} wrote", "{{text}}");
        herald.event("e1", "comment", "bo", "ann");
        checkpoint("first");
        herald.event("e2", "comment", "bo", "ann");
        checkpoint("second");

        long offset = herald.mailbox().size() + 1L;
        TopologyTestDriver router = herald.router();
        assertThat(RouterStores.NAMES)
                .containsExactlyInAnyOrderElementsOf(RouterStores.builders().stream()
                        .map(builder -> builder.name())
                        .toList());
        assertThat(RouterStores.NAMES)
                .allSatisfy(
                        store -> assertThat(cuts(router, store)).as(store).containsExactly(new Cut("second", offset)));
    }

    @Test
    void theAgendaGoesOnAsIfThereWereNone() {
        herald.device("ann", "phone", Platform.APNS, "token");
        checkpoint("before");
        herald.event("held", "comment", "bo", "ann");
        checkpoint("while-held");
        herald.template("comment", Channel.INBOX, "{{actor}} wrote", "{{text}}");
        herald.advance(Duration.ofMinutes(2));
        checkpoint("after");
        herald.advance(Duration.ofDays(3));

        assertThat(herald.raw(Topics.INBOX_ITEM)).hasSize(1);
    }

    @Test
    void walksOverUsersAndSubscribersEndBeforeIt() {
        herald.template("sale", Channel.INBOX, "{{text}}", "{{text}}");
        herald.named("ann", "Ann").named("ben", "Ben");
        herald.subscribes("ben", "sports");
        checkpoint("before");
        herald.broadcast("to-all", "sale", sale -> {});
        herald.broadcast("to-fans", "sale", sale -> sale.setTopic("sports"));
        herald.advance(Duration.ofMinutes(1));

        assertThat(herald.ledger())
                .extracting(entry -> entry.getUser() + " " + ((Decision) entry.getBody()).getEventId())
                .containsExactlyInAnyOrder("ann to-all", "ben to-all", "ben to-fans");
    }

    @Test
    void theMarkIsBehindAllUsersAndAllThatIsDue() {
        assertThat(RouterStores.AFTER_USERS).isLessThan(RouterStores.CUT);
        assertThat(Arrays.compareUnsigned(new byte[] {0x0f, (byte) 0xff, (byte) 0xff}, RouterStores.AFTER_USERS.get()))
                .isNegative();
    }

    // As the letter of intake comes.
    private void checkpoint(String id) {
        herald.mail(null, herald.wire().value(Topics.MAILBOX, new Mail(null, herald.now(), new Checkpoint(id))));
    }

    private static List<Cut> cuts(TopologyTestDriver router, String store) {
        if (store.equals(RouterStores.DEDUP_WINDOW)) {
            WindowStore<Bytes, byte[]> window = router.getWindowStore(store);
            try (KeyValueIterator<Windowed<Bytes>, byte[]> all = window.all()) {
                while (all.hasNext()) {
                    var entry = all.next();
                    if (entry.key.key().equals(RouterStores.CUT)) {
                        return List.of(StateFormat.CUT.read(entry.value));
                    }
                }
                return List.of();
            }
        }
        byte[] cut = router.<Bytes, byte[]>getKeyValueStore(store).get(RouterStores.CUT);
        return cut == null ? List.of() : List.of(StateFormat.CUT.read(cut));
    }
}
