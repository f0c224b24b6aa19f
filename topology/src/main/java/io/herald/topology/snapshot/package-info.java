/**
 * The router's whole state as files: taken from its changelogs at a cut, read again, cut anew by shard, and put into
 * changelogs.
 */
package io.herald.topology.snapshot;
