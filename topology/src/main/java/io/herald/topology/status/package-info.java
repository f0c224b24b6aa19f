/** Tells producers what became of their events: notifications of Herald's own, made from the ledger. */
package io.herald.topology.status;
