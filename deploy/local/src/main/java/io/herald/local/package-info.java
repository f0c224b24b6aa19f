/**
 * Herald and everything that it needs, on one machine: each component one class, put together in {@link LocalStack}.
 */
package io.herald.local;
