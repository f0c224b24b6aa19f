/** Sends deliveries to the push services of browsers. */
package io.herald.sender.webpush;
