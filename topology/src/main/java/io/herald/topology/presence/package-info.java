/** Whether a user has a socket that somebody may look at. */
package io.herald.topology.presence;
