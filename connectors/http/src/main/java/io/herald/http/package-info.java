/** What every door of Herald's to the outside does alike: tokens, bodies, problems, limits, writes to Kafka. */
package io.herald.http;
