/**
 * The demonstration's page: sends events, and shows where they arrive and why. For one machine only: it listens on the
 * loopback interface and asks nobody who they are.
 */
package io.herald.local.page;
