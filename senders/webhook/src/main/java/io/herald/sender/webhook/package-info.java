/** Posts deliveries to webhooks. */
package io.herald.sender.webhook;
