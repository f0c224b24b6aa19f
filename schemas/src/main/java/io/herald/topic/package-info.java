/** The topic catalogue. */
package io.herald.topic;
