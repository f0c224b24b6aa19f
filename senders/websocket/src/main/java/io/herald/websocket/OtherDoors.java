package io.herald.websocket;

import io.herald.api.ApiSettings;
import io.herald.api.DatabaseSettings;
import io.herald.unsubscribe.UnsubscribeSettings;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * What is served beside sockets and streams.
 *
 * @param database where inboxes are read; without one there is no inbox API, and whoever resumes is told to resync
 * @param unsubscribe how unsubscribe links are taken; without it they are not
 */
record OtherDoors(Optional<DatabaseSettings> database, ApiSettings api, Optional<UnsubscribeSettings> unsubscribe) {
    /** Adds the settings to those of the process. */
    static ConfigDef define(ConfigDef settings) {
        return UnsubscribeSettings.define(ApiSettings.define(DatabaseSettings.define(settings)));
    }

    static OtherDoors from(AbstractConfig values) {
        return new OtherDoors(
                DatabaseSettings.from(values), ApiSettings.from(values), UnsubscribeSettings.from(values));
    }
}
