/**
 * The demonstration's page: sends events, and shows where they arrive and why. For one machine only: it listens on the
 * loopback interface and asks nobody who they are.
 *
 * <p>Its API, which {@code scripts/demo} uses too; times are milliseconds since 1970, a refusal is {@code {field,
 * message}}:
 *
 * <ul>
 *   <li>{@code GET /api/pushes}, {@code /api/mails}: what the simulators have taken, in order of arrival
 *   <li>{@code GET /api/ledger?event=}: what was decided and what became of it, since the page's start; without
 *       {@code event} the ids of the newest events
 *   <li>{@code POST /api/events} {@code {category, actor, recipient, text, eventId?}}: sends an event, and answers when
 *       Kafka has it; with {@code eventId} it is that event again
 *   <li>{@code POST /api/token} {@code {user, device}}: a token for the gateway
 *   <li>{@code GET /api/stream}: server-sent events {@code push}, {@code mail}, {@code ledger}, {@code dead-letter}
 *   <li>{@code GET /api/cast}: who there is
 * </ul>
 */
package io.herald.local.page;
