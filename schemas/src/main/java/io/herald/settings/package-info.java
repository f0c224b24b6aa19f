/** Where the settings of a process come from. */
package io.herald.settings;
