/** The end of the unsubscribe links in mails: how somebody takes back a consent without logging in. */
package io.herald.unsubscribe;
