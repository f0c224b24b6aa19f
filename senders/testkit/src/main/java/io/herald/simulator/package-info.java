/**
 * Providers on loopback, for tests and for the local stack: they speak the vendors' protocols and keep what arrives.
 */
package io.herald.simulator;
