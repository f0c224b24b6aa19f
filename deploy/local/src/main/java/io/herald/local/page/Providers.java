package io.herald.local.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.herald.simulator.Simulator;
import io.herald.simulator.Weather;
import java.util.Map;

/**
 * The simulators, and how they fare.
 *
 * @param simulators by the names of their senders, in the order in which they are shown
 */
public record Providers(Map<String, Simulator<?>> simulators) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Returns a row for each: its fault, how many of a hundred requests meet it, how many there were, how many taken.
     */
    ArrayNode describe() {
        ArrayNode rows = JSON.createArrayNode();
        simulators.forEach((provider, simulator) -> {
            Weather weather = simulator.weather();
            rows.addObject()
                    .put("provider", provider)
                    .put("fault", weather.fault().name())
                    .put("percent", weather.percent())
                    .put("requests", simulator.requests())
                    .put("taken", simulator.count());
        });
        return rows;
    }
}
