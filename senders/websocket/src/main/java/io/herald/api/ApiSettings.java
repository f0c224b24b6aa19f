package io.herald.api;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * What one user may ask of the inbox API.
 *
 * @param perSecond requests a second, for long
 * @param burst requests at once
 */
public record ApiSettings(int perSecond, int burst) {
    public static final String PER_SECOND = "api.per.second";
    public static final String BURST = "api.burst";

    /** Adds the settings to those of the process. */
    public static ConfigDef define(ConfigDef settings) {
        return settings.define(
                        PER_SECOND,
                        INT,
                        20,
                        atLeast(1),
                        MEDIUM,
                        "Requests a second that one user may make to the inbox API for long. Above it they are "
                                + "answered with 429. Each gateway counts for itself.")
                .define(BURST, INT, 60, atLeast(1), MEDIUM, "Requests that one user may make at once.");
    }

    /** Returns what {@code values} say. */
    public static ApiSettings from(AbstractConfig values) {
        return new ApiSettings(values.getInt(PER_SECOND), values.getInt(BURST));
    }
}
