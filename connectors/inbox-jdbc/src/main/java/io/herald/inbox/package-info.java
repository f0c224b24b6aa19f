/** The inbox and the ledger in PostgreSQL: their tables, and the connectors that fill them. */
package io.herald.inbox;
