// The ledger's terms in plain words.

export const REASONS = {
  DUPLICATE: 'it is a repeat of an event that was already handled',
  ID_REUSED: 'its id was already used for an event with other content',
  OWN_ACT: 'nobody is told of what they did themselves',
  BLOCKED_ACTOR: 'they have blocked whoever did it',
  CHANNEL_OPTED_OUT: 'they have turned this channel off',
  CATEGORY_OPTED_OUT: 'they have turned this kind of event off',
  OPTED_OUT: 'they have turned this kind of event off on this channel',
  NO_ADDRESS: 'there is no address to send it to',
  NO_TEMPLATE: 'this kind of event has no text for this channel',
  UNKNOWN_CATEGORY: 'this kind of event is not known',
  READ_ELSEWHERE: 'they have read it in the meantime',
  IN_FLIGHT_LIMIT: 'too much is already on its way to them',
  PAST_EXPIRY: 'it is no longer worth sending',
  ADDRESS_CHANGED: 'the address has changed in the meantime',
  ADDRESS_GONE: 'the app is gone from this device, so its token was removed',
  REJECTED: 'the provider refused it',
  PROVIDER_BUSY: 'the provider was busy',
  MISCONFIGURED: 'the provider does not accept our credentials',
  NO_ANSWER: 'the provider did not answer, so nobody knows whether it was sent',
  STALE: 'the decision grew too old before it could be sent',
  ATTEMPTS_EXHAUSTED: 'every attempt failed',
  NO_REPORT: 'the sender never reported what became of it',
  UNREADABLE: 'the record cannot be read',
  UNKNOWN_SCHEMA: 'the registry does not know the schema of the record',
  INVALID: 'a field is not as it must be',
  TOO_LARGE: 'the record is too large',
  CONTENT_TOO_LARGE: 'the rendered text is too large',
  PLAN_FAILED: 'the router could not make a plan for it',
  MUTED: 'they have muted what it is about',
  TOPIC_OPTED_OUT: 'they have turned this topic off',
  DO_NOT_DISTURB: 'they do not want to be disturbed now',
  QUIET_HOURS: 'it came in their quiet hours',
  SEND_AT: 'its time had not come',
  STEP: 'it is sent later, if it is still needed then',
  ON_SOCKET: 'it was shown on an open screen',
  FAILOVER: 'it stands in for another channel, should that fail',
  NOT_NEEDED: 'another channel has reached them',
  DIGESTED: 'it is in a digest, sent together with others',
  CAPPED: 'they have had enough of these for now',
  SEEN_ELSEWHERE: 'they have seen it in the meantime',
  CANCELLED_BY_SOURCE: 'whoever sent it has taken it back',
  REPLACED: 'a newer one has taken its place',
  SUPPRESSED: 'this address bounced, complained, or replied STOP',
  ERASED: 'the user was erased',
  TOKEN_STALE: 'the device has not been heard of for too long',
  BROADCAST_CANCELLED: 'the broadcast was cancelled',
  OTHER: 'for a reason without a name',
};

/** What a channel waits for; a reason alone says only why it is not sent yet. */
const WAITS = {
  DO_NOT_DISTURB: 'waits until they may be disturbed again',
  QUIET_HOURS: 'waits for the end of quiet hours',
  SEND_AT: 'waits for its time',
  STEP: 'waits, in case they read it first',
  ON_SOCKET: 'waits, in case they see it on an open screen',
  FAILOVER: 'waits, in case another channel fails',
  UNKNOWN_CATEGORY: 'waits for the text of this kind of event',
};

const ENDS = {
  READ_ELSEWHERE: 'read elsewhere in the meantime',
  SEEN_ELSEWHERE: 'seen elsewhere in the meantime',
};

export const CHANNELS = { INBOX: 'Inbox', PUSH: 'Push', EMAIL: 'E-mail', SMS: 'SMS', WEBHOOK: 'Webhook' };

export const PROVIDERS = {
  APNS: 'Apple (APNs)', FCM: 'Google (FCM)', WEBPUSH: 'Web Push', EMAIL: 'Amazon SES', SMS: 'Twilio', WEBHOOK: 'Slack, webhooks',
};

/** What may go wrong at a provider. */
export const FAULTS = {
  NONE: 'nothing', LATENCY: 'answers take 2 s', ERRORS: 'it is down: 503', THROTTLING: 'too many requests: 429',
  RESETS: 'connections are reset', GOAWAY: 'connections end after each answer', SILENCE: 'it never answers',
  GARBAGE: 'answers make no sense', TLS_BREAK: 'TLS breaks', EXPIRED_CREDENTIALS: 'our credentials have expired',
};

/** What a state is called, and how it looks: good, open, none or bad. */
export const STATES = {
  ROUTED: ['on its way', 'open'],
  WAITING: ['waiting', 'open'],
  ACCEPTED: ['delivered', 'good'],
  SKIPPED: ['not sent', 'none'],
  DEAD: ['failed', 'bad'],
  EXPIRED: ['expired', 'none'],
  CANCELLED: ['cancelled', 'none'],
};

/** What a provider says later of what it had taken. */
export const RECEIPTS = {
  DELIVERED: ['has arrived', 'good'],
  DELAYED: ['is delayed', 'open'],
  UNDELIVERED: ['did not arrive', 'bad'],
  BOUNCED: ['bounced', 'bad'],
  COMPLAINED: ['was complained about', 'bad'],
};

export const STAGES = { intake: 'Intake', router: 'Router' };

const CATEGORIES = {
  like: 'Like', comment: 'Comment', message: 'Message', 'order.shipped': 'Order shipped',
  reaction: 'Reaction', task: 'Task', news: 'News', code: 'Login code', release: 'Release',
};

export const categoryName = (category) => CATEGORIES[category]
  ?? category.charAt(0).toUpperCase() + category.slice(1).replaceAll('.', ' ');

export const reasonWords = (reason) => REASONS[reason] ?? reason.toLowerCase().replaceAll('_', ' ');

/** Why a channel is as it is: `due` is the time that it waits for, where it does. */
export function why({ state, reason, detail }, due) {
  if (state === 'WAITING' && WAITS[reason]) return `${WAITS[reason]}${due ? `, until ${due} at the latest` : ''}`;
  if (state === 'CANCELLED' && ENDS[reason]) return ENDS[reason];
  // A digest's id says nothing to those who read.
  return [reason && reasonWords(reason), reason === 'DIGESTED' ? null : detail].filter(Boolean).join(' — ');
}

const DEVICES = { iphone: 'iPhone', ipad: 'iPad', pixel: 'Pixel', galaxy: 'Galaxy', browser: 'Browser' };

/** What a device of the cast is called: the end of its id names the make. */
export function deviceName(device) {
  const make = device.slice(device.lastIndexOf('-') + 1);
  return DEVICES[make] ?? device;
}
