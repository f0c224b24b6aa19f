/**
 * Requests to addresses that strangers gave: they reach the public internet and nothing behind our own door
 * (server-side request forgery, OWASP API7:2023).
 */
package io.herald.egress;
