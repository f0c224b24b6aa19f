package io.herald.websocket;

import io.herald.testkit.NodeScripts;
import java.io.File;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client's own tests, by Node.js: against a gateway that drops, refuses, forgets and keeps silent. */
@Timeout(240)
class InboxClientIT {
    private static final File CLIENT = new File("client");

    @Test
    void staysInStepWithAGatewayThatComesAndGoes() throws Exception {
        // Prints the seed of the random schedule to target/node-npm.log; SEED=… repeats it.
        NodeScripts.demand(CLIENT).run(120, "npm", "test");
    }
}
