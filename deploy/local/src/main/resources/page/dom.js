// Makes elements. Text only ever goes in as text, so nothing that is shown can become markup.

/** Returns a new element; `attributes` whose value is null or false are left out, true ones are empty. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Returns text whose direction is its own, whatever stands around it. */
export function own(text, attributes = {}) {
  return el('bdi', attributes, text ?? '');
}

const SVG = 'http://www.w3.org/2000/svg';

/** Returns a decorative line drawing of 24 by 24. */
export function icon(...paths) {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.setAttribute('focusable', 'false');
  drawing.classList.add('icon');
  for (const data of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', data);
    drawing.append(path);
  }
  return drawing;
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
