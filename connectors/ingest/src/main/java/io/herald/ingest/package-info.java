/** HTTP for producers and app back ends: everything that they may write to Kafka, without Kafka. */
package io.herald.ingest;
