/** Sends deliveries to the Apple Push Notification service. */
package io.herald.sender.apns;
