/** What tests of senders share: a broker, a schema registry, deliveries, and the contract that every provider keeps. */
package io.herald.testkit;
