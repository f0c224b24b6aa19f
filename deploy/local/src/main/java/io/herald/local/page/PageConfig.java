package io.herald.local.page;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

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
        Connection connect() throws SQLException {
            Properties settings = new Properties();
            settings.setProperty("user", user);
            settings.setProperty("password", password);
            settings.setProperty("connectTimeout", "5");
            settings.setProperty("socketTimeout", "10");
            return DriverManager.getConnection(url, settings);
        }

        @Override
        public String toString() {
            return url;
        }
    }
}
