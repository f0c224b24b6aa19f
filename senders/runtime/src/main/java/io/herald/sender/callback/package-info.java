/** What providers say later of what they have accepted: HTTP requests to a sender, and the reports made of them. */
package io.herald.sender.callback;
