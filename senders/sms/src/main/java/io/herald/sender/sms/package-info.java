/** Sends deliveries as SMS. */
package io.herald.sender.sms;
