// Makes elements, and says times. Text only ever goes in as text, so nothing that is shown can become markup.

import { el, icon } from '/client/element.js';

export { el, icon };

/** Returns text whose direction is its own, whatever stands around it. */
export function own(text, attributes = {}) {
  return el('bdi', attributes, text ?? '');
}

export const find = (id) => document.getElementById(id);

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const far = new Intl.DateTimeFormat(undefined, { weekday: 'long', hour: 'numeric', minute: '2-digit' });
const farther = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });
const exact = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false,
});

/** The time as the large clock of a phone shows it. */
export const clockOf = (at) => clock.formatToParts(at)
  .filter(({ type }) => ['hour', 'minute'].includes(type)).map(({ value }) => value).join(':');
export const timeOf = (at) => clock.format(at);
/** A time to come: with seconds if it is near, with the day or the date if it is not. */
export function dueOf(at) {
  const hours = (at - Date.now()) / 3_600_000;
  if (hours > 24 * 6) return farther.format(at);
  if (hours > 20) return far.format(at);
  return hours > 0.05 ? clock.format(at) : exact.format(at).slice(0, 8);
}
export const exactTimeOf = (at) => exact.format(at);

let calm;

/** Has a screen reader say `text`, when it has nothing more important to say; of several at once, all. */
export function announce(text) {
  const region = find('announce');
  region.append(el('span', {}, text + '. '));
  clearTimeout(calm);
  calm = setTimeout(() => region.replaceChildren(), 4000);
}
