package io.herald.consent;

/**
 * What somebody wants who follows the unsubscribe link of a mail: no more mail of this category to this user.
 *
 * @param tenant tenant that owns the user
 * @param user user id within the tenant
 * @param category category of the mail
 */
public record Unsubscribe(String tenant, String user, String category) {}
