package io.herald.inbox;

import org.flywaydb.core.Flyway;

/** The tables of the inbox and the ledger. */
public final class InboxDatabase {
    private InboxDatabase() {}

    /**
     * Brings a database up to this build's tables. Does nothing where they are there already; several that call it at
     * once wait for each other.
     *
     * @return how many migrations were applied
     * @throws org.flywaydb.core.api.FlywayException if the database holds tables of a newer build, or ones changed by
     *     hand
     */
    public static int migrate(String jdbcUrl, String user, String password) {
        return Flyway.configure()
                .dataSource(jdbcUrl, user, password)
                .locations("classpath:db/migration")
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
