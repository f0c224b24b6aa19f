/** The gateway: changes of an inbox to open sockets, and what users do to it back. */
package io.herald.websocket;
