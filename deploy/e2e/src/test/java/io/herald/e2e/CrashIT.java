package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.schema.OptOut;
import io.herald.schema.Origin;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Tick;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * kill -9 of the topology in mid-stream, at a rate at which intake has always written more than it has committed:
 * nothing is lost, nothing is decided twice, and what intake repeats changes nothing.
 */
@Timeout(420)
class CrashIT {
    private static final Logger LOG = LoggerFactory.getLogger(CrashIT.class);
    private static final String TENANT = "acme";
    private static final int USERS = 400;
    private static final int EVENTS = 30_000;
    private static final int KILLS = 6;
    private static final int SOME = 1_000;
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    private final List<Guarantee> guarantees = new ArrayList<>(Guarantee.ofOutputs());
    private final Map<String, Boolean> optedOut = new HashMap<>();
    private final TopologyStack stack = new TopologyStack("crash");
    private final Wire wire = stack.wire();

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void nothingIsLostAndNothingIsDecidedTwice() {
        Random random = new Random(SEED);
        wire.send(
                Topics.TEMPLATE_CHANGED,
                new TemplateChanged(TENANT, "comment", Channel.INBOX, "en", "{{actor}} wrote", "{{text}}", null));
        wire.send(
                Topics.TEMPLATE_CHANGED,
                new TemplateChanged(TENANT, "comment", Channel.PUSH, "en", "{{actor}} wrote", "{{text}}", null));
        wire.flush();
        for (int part = 0; part < KILLS; part++) {
            // Written while it is down, so that it is in the middle of it when it is killed, and not waiting for more:
            // by turns as soon as intake, and as soon as the router, has come some way.
            produce(EVENTS / KILLS, part, random);
            stack.killAfter(SOME, part % 2 == 0);
        }
        stack.topology().start();
        stack.awaitQuiet();
        Map<String, Boolean> last = new HashMap<>(optedOut);
        last.keySet().forEach(user -> request("last-" + user, user));
        wire.flush();
        stack.awaitQuiet();

        int repeated = repeatsInMailbox();
        LOG.info("seed {}: {} kills, {} records of intake's in the mailbox twice", SEED, KILLS, repeated);
        assertThat(repeated)
                .as("repeats of intake's, without which this proves little")
                .isPositive();
        for (Topic topic : List.of(Topics.LEDGER, Topics.INBOX_ITEM)) {
            wire.readAll(topic)
                    .forEach(read -> guarantees.forEach(
                            guarantee -> guarantee.written(topic, read.raw().key(), read.value())));
        }
        guarantees.forEach(Guarantee::checkAtRest);
        assertThat(lastVerdicts()).as("opted out, seed " + SEED).isEqualTo(last);
    }

    // Events, some of them twice, and between them users who change their minds.
    private void produce(int events, int part, Random random) {
        for (int event = 0; event < events; event++) {
            String user = "user" + random.nextInt(USERS);
            request("e" + part + "-" + event, user);
            if (random.nextInt(20) == 0) {
                request("e" + part + "-" + event, user);
            }
            if (random.nextInt(20) == 0) {
                boolean out = random.nextBoolean();
                optedOut.put(user, out);
                wire.send(
                        Topics.PREFERENCE_CHANGED,
                        user,
                        PreferenceChanged.newBuilder()
                                .setTenant(TENANT)
                                .setUser(user)
                                .setOptOuts(List.of(new OptOut(null, Channel.INBOX, out, null, null)))
                                .build());
            }
        }
        wire.flush();
    }

    private void request(String id, String user) {
        NotificationRequested event = NotificationRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("test")
                .setId(id)
                .setRecipients(List.of(user))
                .setCategory("comment")
                .setActor("bo")
                .setData(Map.of("text", "hello"))
                .build();
        guarantees.forEach(guarantee -> guarantee.requested(event));
        wire.send(Topics.NOTIFICATION_REQUESTED, event);
    }

    private Map<String, Boolean> lastVerdicts() {
        Map<String, Boolean> verdicts = new HashMap<>();
        for (Wire.Read<LedgerEntry> read : wire.readAll(Topics.LEDGER, LedgerEntry.class)) {
            if (read.value().getBody() instanceof Decision decision
                    && decision.getEventId().startsWith("last-")) {
                ChannelVerdict inbox = decision.getVerdicts().get(0);
                verdicts.put(read.value().getUser(), inbox.getState() == DeliveryState.SKIPPED);
            }
        }
        return verdicts;
    }

    private int repeatsInMailbox() {
        Set<Origin> origins = new HashSet<>();
        int repeats = 0;
        for (Wire.Read<Mail> read : wire.readAll(Topics.MAILBOX, Mail.class)) {
            boolean one =
                    !(read.value().getBody() instanceof Tick) && !(read.value().getBody() instanceof TemplateChanged);
            if (one && !origins.add(read.value().getOrigin())) {
                repeats++;
            }
        }
        return repeats;
    }
}
