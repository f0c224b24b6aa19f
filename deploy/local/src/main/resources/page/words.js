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
  OTHER: 'for a reason without a name',
};

export const CHANNELS = { INBOX: 'Inbox', PUSH: 'Push', EMAIL: 'E-mail', SMS: 'SMS', WEBHOOK: 'Webhook' };

export const PROVIDERS = {
  APNS: 'Apple (APNs)', FCM: 'Google (FCM)', WEBPUSH: 'Web Push', EMAIL: 'Amazon SES', SMS: 'SMS', WEBHOOK: 'Webhook',
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

export const STAGES = { intake: 'Intake', router: 'Router' };

const CATEGORIES = { like: 'Like', comment: 'Comment', message: 'Message', 'order.shipped': 'Order shipped' };

export const categoryName = (category) => CATEGORIES[category]
  ?? category.charAt(0).toUpperCase() + category.slice(1).replaceAll('.', ' ');

export const reasonWords = (reason) => REASONS[reason] ?? reason.toLowerCase().replaceAll('_', ' ');

const DEVICES = { iphone: 'iPhone', ipad: 'iPad', pixel: 'Pixel', galaxy: 'Galaxy' };

/** What a device of the cast is called: the end of its id names the make. */
export function deviceName(device) {
  const make = device.slice(device.lastIndexOf('-') + 1);
  return DEVICES[make] ?? device;
}
