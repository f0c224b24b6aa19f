/** The inbox API: what apps and pages of a user read and write over HTTP. */
package io.herald.api;
