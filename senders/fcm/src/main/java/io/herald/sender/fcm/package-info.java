/** Firebase Cloud Messaging, HTTP v1. */
package io.herald.sender.fcm;
