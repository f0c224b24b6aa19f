// What a preference centre edits, without any page: switches, quiet hours, digests; and what has to be sent of it.

export const CHANNELS = ['INBOX', 'PUSH', 'EMAIL', 'SMS', 'WEBHOOK'];
export const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
export const FREQUENCIES = ['WINDOW', 'IMMEDIATE', 'HOURLY', 'DAILY', 'WEEKLY'];
/** The server takes no more windows than this. */
export const MOST_WINDOWS = 21;

const keyOf = (category, channel) => JSON.stringify([category ?? null, channel ?? null]);

/** The switches that a user has turned off: of a channel, a category, one in the other, or of everything. */
export class Switches {
  #before;
  #off;

  /** Switches of topics and objects are none of these, and stay as they are. */
  constructor(optOuts = []) {
    this.#before = new Set(optOuts.filter(({ topic, object }) => !topic && !object).map(({ category, channel }) => keyOf(category, channel)));
    this.#off = new Set(this.#before);
  }

  /** Whether anything of this category may come by this channel; null stands for all of them. */
  isOn(category, channel) {
    return ![[null, null], [null, channel], [category, null], [category, channel]].some(([a, b]) => this.#off.has(keyOf(a, b)));
  }

  /** Turns one on or off, and no other with it. */
  turn(category, channel, on) {
    if (!on) {
      this.#off.add(keyOf(category, channel));
      return;
    }
    if (category !== null && channel !== null && this.#off.delete(keyOf(category, null))) {
      // The whole category was off: the other channels stay off.
      CHANNELS.forEach((each) => this.#off.add(keyOf(category, each)));
    }
    this.#off.delete(keyOf(category, channel));
  }

  /** What a PATCH has to say: switches that were turned since, each with its side. */
  changes() {
    const turned = (keys, others, optedOut) => [...keys].filter((key) => !others.has(key)).map((key) => {
      const [category, channel] = JSON.parse(key);
      return { ...(category === null ? {} : { category }), ...(channel === null ? {} : { channel }), optedOut };
    });
    return [...turned(this.#off, this.#before, true), ...turned(this.#before, this.#off, false)];
  }
}

/** Minutes of the day as an input of type time has them. */
export const clockOf = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Minutes of the day, or NaN. */
export function minuteOf(clock) {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(clock) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

/** A window to be edited: which days are ticked, and both ends as clocks. */
export function windowOf({ days = [], startMinute, endMinute, channels = [] }) {
  return { days: new Set(days.length === 0 ? DAYS : days), start: clockOf(startMinute), end: clockOf(endMinute), channels };
}

/** The same as the API has it, or null where it is not complete. */
export function windowToSend({ days, start, end, channels }) {
  const [startMinute, endMinute] = [minuteOf(start), minuteOf(end)];
  if (days.size === 0 || Number.isNaN(startMinute) || Number.isNaN(endMinute)) return null;
  return { days: days.size === DAYS.length ? [] : DAYS.filter((day) => days.has(day)), startMinute, endMinute, channels };
}

/** How often, of a category or of all (null). */
export function digestOf(digests, category) {
  const { frequency = 'WINDOW', minute = 0, weekday = 'MONDAY' } = digests.find((each) => (each.category ?? null) === category) ?? {};
  return { frequency, minute, weekday };
}

/** What a PATCH has to say of digests: those that differ from before. `now` is by category. */
export function digestChanges(before, now) {
  return [...now].filter(([category, digest]) => {
    const was = digestOf(before, category);
    const timed = ['DAILY', 'WEEKLY'].includes(digest.frequency);
    return digest.frequency !== was.frequency || (timed && digest.minute !== was.minute)
      || (digest.frequency === 'WEEKLY' && digest.weekday !== was.weekday);
  }).map(([category, { frequency, minute, weekday }]) => ({
    ...(category === null ? {} : { category }),
    frequency,
    ...(['DAILY', 'WEEKLY'].includes(frequency) ? { minute } : {}),
    ...(frequency === 'WEEKLY' ? { weekday } : {}),
  }));
}

/** The categories to show: what the app names first, then what the user has settings for or items of. */
export function categoriesOf(named, preferences, items) {
  const found = [...(preferences.optOuts ?? []), ...(preferences.digests ?? []), ...items].map(({ category }) => category);
  const all = new Map(named.map(({ id, name }) => [id, name || id]));
  [...new Set(found)].filter(Boolean).sort().forEach((id) => { if (!all.has(id)) all.set(id, plain(id)); });
  return [...all].map(([id, name]) => ({ id, name }));
}

/** Reads the attribute: `like=Likes, order.shipped=Order shipped`. */
export function parseCategories(text) {
  return (text ?? '').split(',').map((part) => part.trim()).filter(Boolean).map((part) => {
    const [id, ...name] = part.split('=');
    return { id: id.trim(), name: name.join('=').trim() || plain(id.trim()) };
  });
}

function plain(id) {
  return id.charAt(0).toUpperCase() + id.slice(1).replace(/[._-]+/g, ' ');
}
