package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Decision;
import io.herald.schema.InboxItem;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.TemplateChanged;
import io.herald.testkit.NodeScripts;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.io.File;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A producer in another language, with its own Avro, its own partitioner and random keys, is routed like any other. */
@Timeout(300)
class ForeignProducerIT {
    private static final File SCRIPTS = new File("src/test/js");
    private static final int EVENTS = 200;
    private static final int USERS = 17;

    private TopologyStack stack;

    @AfterEach
    void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void kafkajsIsRoutedCorrectly() throws Exception {
        NodeScripts scripts = NodeScripts.install(SCRIPTS);
        stack = new TopologyStack("foreign");
        stack.topology().start();
        stack.wire()
                .send(
                        Topics.TEMPLATE_CHANGED,
                        new TemplateChanged(
                                "acme", "comment", Channel.INBOX, "en", "{{actor}} wrote", "{{text}}", null));
        stack.wire().flush();
        stack.awaitQuiet();

        scripts.run(
                120,
                "node",
                "producer.mjs",
                stack.bootstrap(),
                stack.registryUrl(),
                Integer.toString(EVENTS),
                Integer.toString(USERS));
        stack.awaitQuiet();

        List<Wire.Read<Mail>> mailbox = stack.wire().readAll(Topics.MAILBOX, Mail.class).stream()
                .filter(read -> read.value().getBody() instanceof Notification)
                .toList();
        assertThat(mailbox).hasSize(EVENTS).allSatisfy(read -> {
            Notification notification = (Notification) read.value().getBody();
            UserKey user = new UserKey(notification.getTenant(), notification.getUser());
            assertThat(read.partition()).isEqualTo(user.partition(Topics.MAILBOX.partitions()));
        });
        assertThat(stack.wire().readAll(Topics.LEDGER, LedgerEntry.class))
                .filteredOn(read -> read.value().getBody() instanceof Decision)
                .extracting(read -> read.value().getNotificationId())
                .hasSize(EVENTS)
                .doesNotHaveDuplicates();
        assertThat(stack.wire().readAll(Topics.INBOX_ITEM, InboxItem.class))
                .hasSize(EVENTS)
                .allSatisfy(
                        read -> assertThat(read.value().getBody()).startsWith("from kafkajs, with 'quotes' and 🎈"));
    }
}
