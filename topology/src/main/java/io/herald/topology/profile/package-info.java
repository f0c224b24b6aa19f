/** What of a profile its user is shown. */
package io.herald.topology.profile;
