/**
 * The loop that every sender runs in: from a delivery topic, through one {@link io.herald.sender.Provider}, to reports.
 */
package io.herald.sender;
