/** E-mail through Amazon SES, v2 API. */
package io.herald.sender.email;
