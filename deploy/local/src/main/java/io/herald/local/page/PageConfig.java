package io.herald.local.page;

import java.net.URI;

/**
 * What the page talks to.
 *
 * @param port to listen on at 127.0.0.1; 0 for any that is free
 * @param bootstrapServers Kafka's
 * @param registryUrl the schema registry's Confluent API
 * @param database the inbox's
 * @param gateway where browsers open their sockets
 * @param tokens signs what browsers show to the gateway
 */
public record PageConfig(
        int port, String bootstrapServers, String registryUrl, Database database, URI gateway, DemoTokens tokens) {

    /**
     * How to reach PostgreSQL.
     *
     * @param url JDBC, without user
     */
    public record Database(String url, String user, String password) {
        @Override
        public String toString() {
            return url;
        }
    }
}
