// The parts of the preference centre's form. Each is made of what it edits, and changes that alone.

import { el } from './element.js';
import { DAYS, FREQUENCIES, MOST_WINDOWS, clockOf, minuteOf } from './preferences-model.js';

const HOUR = 3_600_000;
/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);

/** A section with a title and a hint. */
function section(id, title, hint, ...content) {
  return el('section', { part: 'section', 'aria-labelledby': `${id}-title` },
    el('h3', { id: `${id}-title` }, title), hint ? el('p', { class: 'hint' }, hint) : null, ...content);
}

function select(attributes, options, chosen, change) {
  const made = el('select', { ...attributes, on: { change: () => change(made.value) } },
    ...options.map(([value, name]) => el('option', { value }, name)));
  made.value = chosen;
  return made;
}

/** Categories by channels. `switches` is changed as the user turns them. */
export function switchTable({ switches, categories, channels, words }) {
  const inputs = [];
  const input = (category, channel, label) => {
    const made = el('input', {
      type: 'checkbox', role: 'switch', 'aria-label': label,
      on: { change: () => { switches.turn(category, channel, made.checked); show(); } },
    });
    inputs.push({ made, category, channel });
    return made;
  };
  const show = () => inputs.forEach(({ made, category, channel }) => {
    made.checked = switches.isOn(category, channel);
    // What is off as a whole cannot be on in part.
    made.disabled = !switches.isOn(null, null) || (category !== null && !switches.isOn(null, channel));
  });
  const pause = el('input', {
    type: 'checkbox', role: 'switch', id: 'pause',
    on: { change: () => { switches.turn(null, null, !pause.checked); show(); } },
  });
  pause.checked = !switches.isOn(null, null);
  const row = (category, name) => el('tr', {},
    el('th', { scope: 'row', dir: 'auto' }, name),
    ...channels.map((channel) => el('td', {}, input(category, channel, words.cell(name, words[channel])))));
  const table = el('table', {},
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, words.category),
      ...channels.map((channel) => el('th', { scope: 'col' }, words[channel])))),
    el('tbody', {}, row(null, words.everything), ...categories.map(({ id, name }) => row(id, name))));
  show();
  return section('what', words.what, null, el('div', { class: 'scroll' }, table),
    el('div', { class: 'line' }, el('label', { for: 'pause' }, words.pause), pause));
}

/** Do not disturb. `set` is told a time, or null to end it. */
export function mute({ until, locale, words, set }) {
  const now = Date.now();
  const active = until && until > now;
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(8, 0, 0, 0);
  const choices = new Map([['off', null], ['hour', now + HOUR], ['hours', now + 4 * HOUR], ['morning', tomorrow.getTime()], ['week', now + 168 * HOUR]]);
  const time = active && new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(until);
  const options = [['off', words.muteOff], ...(active ? [['keep', words.muteUntil(time)]] : []),
    ...['hour', 'hours', 'morning', 'week'].map((key) => [key, words[key]])];
  return section('mute', words.mute, words.muteHint,
    select({ 'aria-labelledby': 'mute-title' }, options, active ? 'keep' : 'off',
      (key) => set(key === 'keep' ? undefined : choices.get(key), Boolean(active))));
}

/** Quiet hours: `windows` is changed in place. */
export function quietHours({ windows, locale, words }) {
  const list = el('div', { class: 'windows' });
  const none = el('p', { class: 'hint' }, words.noQuiet);
  const names = DAYS.map((day, index) => [day, MONDAY + index * 24 * HOUR]);
  const dayName = (at, style) => new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' }).format(at);
  const time = (label, window, key) => {
    const input = el('input', { type: 'time', required: true, value: window[key], on: { input: () => { window[key] = input.value; } } });
    return el('label', { class: 'field' }, label, input);
  };
  const one = (window, index) => el('fieldset', {},
    el('legend', {}, words.window(index + 1)),
    el('div', { class: 'days', role: 'group', 'aria-label': words.days }, ...names.map(([day, at]) => {
      const box = el('input', {
        type: 'checkbox', 'aria-label': dayName(at, 'long'), checked: window.days.has(day),
        on: { change: () => { if (box.checked) window.days.add(day); else window.days.delete(day); } },
      });
      return el('label', {}, box, el('span', { 'aria-hidden': 'true' }, dayName(at, 'short')));
    })),
    el('div', { class: 'line' }, time(words.from, window, 'start'), time(words.to, window, 'end'),
      el('button', { type: 'button', on: { click: () => { windows.splice(windows.indexOf(window), 1); show(); add.focus(); } } }, words.removeQuiet)));
  const add = el('button', {
    type: 'button', class: 'plain',
    on: {
      click: () => {
        windows.push({ days: new Set(DAYS), start: '22:00', end: '07:00', channels: [] });
        show();
        list.lastElementChild.querySelector('input').focus();
      },
    },
  }, words.addQuiet);
  const show = () => {
    list.replaceChildren(...windows.map(one));
    none.hidden = windows.length > 0;
    add.hidden = windows.length >= MOST_WINDOWS;
  };
  show();
  return section('quiet', words.quiet, words.quietHint, none, list, add);
}

/** How often: `digests` by category, changed in place. */
export function digestList({ digests, categories, locale, words }) {
  const weekdays = DAYS.map((day, index) =>
    [day, new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(MONDAY + index * 24 * HOUR)]);
  const row = ({ id, name }, index) => {
    const digest = digests.get(id);
    const time = el('input', {
      type: 'time', value: clockOf(digest.minute % 1440),
      on: { input: () => { if (time.value) digest.minute = minuteOf(time.value); } },
    });
    const at = el('label', { class: 'field' }, words.at, time);
    const on = el('label', { class: 'field' }, words.on,
      select({}, weekdays, digest.weekday ?? 'MONDAY', (day) => { digest.weekday = day; }));
    const show = () => {
      at.hidden = !['DAILY', 'WEEKLY'].includes(digest.frequency);
      on.hidden = digest.frequency !== 'WEEKLY';
    };
    const choice = select({ 'aria-labelledby': `digest-${index}` }, FREQUENCIES.map((each) => [each, words[each]]), digest.frequency, (frequency) => {
      const timed = ['DAILY', 'WEEKLY'].includes(frequency);
      if (timed && !['DAILY', 'WEEKLY'].includes(digest.frequency)) {
        digest.minute = 9 * 60;
        time.value = clockOf(digest.minute);
      }
      digest.frequency = frequency;
      show();
    });
    show();
    return el('div', { class: 'line' }, el('span', { id: `digest-${index}`, dir: 'auto' }, name), choice, on, at);
  };
  return section('digests', words.digests, words.digestsHint, ...[...categories, { id: null, name: words.others }].map(row));
}

/** Language and time zone; `settings` is changed in place. */
export function aboutYou({ settings, languages, locale, words }) {
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  const language = select({ id: 'language' }, [...new Set([settings.locale, ...languages].filter(Boolean))].map((tag) => [tag, nameOf(names, tag)]),
    settings.locale ?? '', (tag) => { settings.locale = tag; });
  const zones = [...new Set([settings.zone, Intl.DateTimeFormat().resolvedOptions().timeZone, ...Intl.supportedValuesOf('timeZone')].filter(Boolean))];
  const zone = select({ id: 'zone' }, [...(settings.zone ? [] : [['', words.zoneUnset]]), ...zones.map((name) => [name, name.replaceAll('_', ' ')])],
    settings.zone ?? '', (name) => { settings.zone = name || null; });
  return section('you', words.you, null,
    el('div', { class: 'line' }, el('label', { for: 'language' }, words.language), language),
    el('div', { class: 'line' }, el('label', { for: 'zone' }, words.zone), zone));
}

function nameOf(names, tag) {
  try {
    return names.of(tag);
  } catch {
    return tag;
  }
}
