/** How records look on the wire, and where a user's records are. */
package io.herald.wire;
