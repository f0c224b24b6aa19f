package io.herald.topology.snapshot;

import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the operators' tools end. */
public final class ToolMain {
    private static final Logger LOG = LoggerFactory.getLogger(ToolMain.class);

    private ToolMain() {}

    /**
     * Runs a tool and returns its exit code: 1 when it refuses or fails, 2 for wrong arguments; the reason is printed.
     */
    public static int run(String name, Callable<Integer> tool) {
        try {
            return tool.call();
        } catch (ToolRefusedException refused) {
            System.err.println(name + ": " + refused.getMessage());
            return 1;
        } catch (IllegalArgumentException | ConfigException wrong) {
            System.err.println(name + ": " + wrong.getMessage());
            return 2;
        } catch (KafkaException failure) {
            LOG.error("ends", failure);
            System.err.println(name + ": Kafka says: " + failure.getMessage());
            return 1;
        } catch (Exception bug) {
            LOG.error("ends", bug);
            System.err.println(name + " ends by a fault of its own: " + bug);
            return 1;
        }
    }
}
