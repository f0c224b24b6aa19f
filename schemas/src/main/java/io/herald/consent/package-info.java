/** How a person takes back a consent without logging in. */
package io.herald.consent;
