package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AssignedTest {
    /** Else an intent is taken back before it is committed that the delivery is done. */
    @Test
    void isNotTakenBeforeTheNextCommitCoversIt() throws Exception {
        Assigned assigned = new Assigned(new TopicPartition("delivery", 0), null);
        Attempt attempt = new Attempt(assigned, new ConsumerRecord<>("delivery", 0, 0, new byte[0], new byte[0]), null);
        assigned.progress().begin(0);
        Thread answer = new Thread(() -> assigned.done(attempt));

        synchronized (assigned.progress()) {
            answer.start();
            await().until(() -> answer.getState() == Thread.State.BLOCKED);
            assertThat(assigned.takeDone()).isEmpty();
        }
        answer.join();
        assertThat(assigned.takeDone()).containsExactly(attempt);
    }
}
