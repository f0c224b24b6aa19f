// One item of the bell's list.

import { ago, exactly } from './ago.js';
import { el, icon, safeLink } from './element.js';

const TICK = ['M5 12.5l4.5 4.5L19 7.5'];
const BOX = ['M4 5h16v4H4Z', 'M6 9v10h12V9', 'M10 13h4'];

/**
 * Makes an item's row.
 *
 * @param deeds follow(event, item), toggle(seq), archive(seq)
 */
export function makeRow(item, fresh, locale, deeds) {
  const { seq, title, body, createdAt } = item;
  const link = safeLink(item.link);
  const words = link
    ? el('a', { href: link, rel: 'noopener noreferrer', tabindex: '-1', on: { click: (event) => deeds.follow(event, item) } }, title)
    : title;
  return el('article', {
    part: 'item', class: fresh ? 'fresh' : null, tabindex: '-1', 'data-seq': String(seq),
    'aria-labelledby': `mark-${seq} title-${seq}`, 'aria-describedby': `body-${seq}`,
  },
  el('span', { class: 'dot' }, el('span', { class: 'hidden', id: `mark-${seq}` })),
  el('h3', { id: `title-${seq}`, part: 'item-title', dir: 'auto' }, words),
  el('p', { id: `body-${seq}`, class: 'body', part: 'item-body', dir: 'auto' }, body),
  el('time', { part: 'item-time', datetime: new Date(createdAt).toISOString(), title: exactly(createdAt, locale) }),
  el('div', { class: 'acts' },
    el('button', { type: 'button', class: 'toggle', on: { click: () => deeds.toggle(seq) } }, icon(...TICK)),
    el('button', { type: 'button', class: 'archive', on: { click: () => deeds.archive(seq) } }, icon(...BOX))));
}

/** Brings a row up to date: its mark, its place among `count`, its age. */
export function markRow(row, item, { index, count, words, locale }) {
  row.classList.toggle('unread', !item.read);
  row.part.toggle('unread', !item.read);
  row.setAttribute('aria-posinset', String(index + 1));
  row.setAttribute('aria-setsize', String(count));
  row.querySelector('.dot .hidden').textContent = item.read ? '' : words.unread;
  row.querySelector('time').textContent = ago(item.createdAt, locale, words.justNow);
  for (const [name, label] of [['.toggle', item.read ? words.markUnread : words.markRead], ['.archive', words.archive]]) {
    row.querySelector(name).setAttribute('aria-label', label);
    row.querySelector(name).title = label;
  }
}
