// The composer: what happens, who does it, who hears of it.

import { post } from './api.js';
import { announce, el, find, icon, own } from './dom.js';
import { categoryName, CHANNELS, deviceName } from './words.js';

const DRAWINGS = {
  like: ['M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.5 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10Z'],
  comment: ['M4 5h16v11h-9l-5 4v-4H4Z'],
  message: ['M3.5 6h17v12h-17Z', 'm3.5 7 8.5 6 8.5-6'],
  reaction: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M8 14a4.5 4.5 0 0 0 8 0', 'M9 9.5v.01', 'M15 9.5v.01'],
  task: ['M5 4h14v16H5Z', 'm8.5 12 2.5 2.5 4.5-5'],
  news: ['M4 10v4h3l8 4.5v-13L7 10Z', 'M18.5 9.5a3.5 3.5 0 0 1 0 5'],
  code: ['M7 4h10v16H7Z', 'M10.5 17.500h3', 'M10 8h4'],
  release: ['M12 3v12', 'm7.5 10.500 4.500 4.500 4.500-4.500', 'M5 19h14'],
  'order.shipped': ['M3 7h11v9H3Z', 'M14 10h4l3 3v3h-7Z', 'M7 18.5a1.5 1.5 0 1 0 .01 0', 'M17 18.5a1.5 1.5 0 1 0 .01 0'],
};

const TEXTS = {
  like: 'Sunrise at the harbour',
  comment: 'What a view! Where did you take it?',
  message: 'Are you coming tonight? 🎈',
  'order.shipped': 'Two books left our warehouse and should arrive on Thursday.',
  reaction: '😍',
  task: 'Choose the pictures for Monday',
  news: 'Doors open on Saturday at ten.',
  code: '482913 is your code',
  release: 'Version 4.2 is out',
};

const ACTORS = { 'order.shipped': 'shop', news: 'shop', code: 'shop' };

/** Who alone can hear of some kinds of event. */
const RECIPIENTS = { code: 'sam', release: 'releases' };

/** What is special about a kind of event. */
const HINTS = {
  reaction: 'Collected on phones: all within five seconds are one push.',
  task: 'In the inbox now, and on phones in ten seconds, unless it is read first.',
  news: 'Of the bulk lane: never in the way of the others.',
  code: 'By SMS alone.',
  release: 'To the chat alone.',
};

/**
 * Sets the composer up. `chosen` is told the receiver; `sent` gets what the server answers about each event. What is
 * returned takes whose quiet hours have changed.
 */
export function composer(cast, chosen, sent) {
  const form = find('composer');
  const problem = find('problem');
  const fields = { actor: find('actor'), recipient: find('recipient'), text: find('text') };
  const quiet = new Map(cast.users.map(({ user, quiet: is }) => [user, is]));
  let last = null;
  let usual = '';

  find('categories').append(...cast.categories.map((category, index) => el('label', { class: 'choice' },
    el('input', { type: 'radio', name: 'category', value: category, checked: index === 0 }),
    icon(...(DRAWINGS[category] ?? DRAWINGS.message)),
    el('span', {}, categoryName(category)))));
  fields.recipient.append(...cast.users.map(({ user, name }) => el('option', { value: user, dir: 'auto' }, name)));
  fields.actor.append(...cast.actors.map(({ user, name }) => el('option', { value: user, dir: 'auto' }, name)));
  fields.actor.value = cast.actors[1]?.user ?? cast.actors[0].user;
  fields.text.maxLength = cast.longestText;

  const category = () => new FormData(form).get('category');

  function suggest() {
    const kind = category();
    if (fields.text.value === usual) {
      usual = TEXTS[kind] ?? '';
      fields.text.value = usual;
    }
    find('kind').replaceChildren(HINTS[kind] ?? '');
    if (RECIPIENTS[kind] && fields.recipient.value !== RECIPIENTS[kind]) {
      fields.recipient.value = RECIPIENTS[kind];
      choose();
    }
    const actor = ACTORS[kind];
    if (actor) fields.actor.value = actor;
    else if (Object.values(ACTORS).includes(fields.actor.value)) fields.actor.value = cast.actors[1].user;
  }

  function choose() {
    const member = cast.users.find(({ user }) => user === fields.recipient.value);
    find('about').replaceChildren(...about(member));
    showQuiet();
    chosen(member);
  }

  function showQuiet() {
    find('quiet').setAttribute('aria-pressed', String(quiet.get(fields.recipient.value)));
  }

  function changed({ user, quiet: is }) {
    quiet.set(user, is);
    showQuiet();
  }

  async function toggleQuiet() {
    const user = fields.recipient.value;
    try {
      const answer = await post('/api/quiet', { user, quiet: !quiet.get(user) });
      changed(answer);
      announce(answer.quiet ? 'Quiet hours begin' : 'Quiet hours end');
    } catch (refused) {
      complain('', refused.message);
    }
  }

  function complain(field, message) {
    const input = fields[field];
    problem.replaceChildren(message);
    for (const other of Object.values(fields)) other.removeAttribute('aria-invalid');
    if (input) {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', 'problem');
      input.focus();
    }
  }

  async function send(event) {
    complain('', '');
    const buttons = [find('send'), find('again')];
    for (const button of buttons) button.setAttribute('aria-disabled', 'true');
    try {
      const answer = await post(event.recipient ? '/api/events' : '/api/broadcasts', event);
      // A broadcast is for whoever is there when it begins: the next one is another.
      last = event.recipient ? { ...event, eventId: answer.eventId } : null;
      find('again').disabled = last === null;
      show(answer);
      sent(answer);
    } catch (refused) {
      const name = refused.field && refused.field !== 'body' ? `${refused.field} ` : '';
      complain(refused.field, `${name}${refused.message}`);
    } finally {
      for (const button of buttons) button.removeAttribute('aria-disabled');
    }
  }

  const ready = () => find('send').getAttribute('aria-disabled') !== 'true';

  form.addEventListener('submit', (submit) => {
    submit.preventDefault();
    if (!ready()) return;
    const text = fields.text.value;
    if (!text.trim()) {
      complain('text', 'Say something: the text is empty.');
      return;
    }
    const event = { category: category(), actor: fields.actor.value, text };
    send(find('everyone').checked ? event : { ...event, recipient: fields.recipient.value });
  });
  fields.text.addEventListener('keydown', (key) => {
    if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) form.requestSubmit();
  });
  find('again').addEventListener('click', () => last && ready() && send(last));
  find('categories').addEventListener('change', suggest);
  find('quiet').addEventListener('click', toggleQuiet);
  find('everyone').addEventListener('change', ({ target }) => {
    find('hears').replaceChildren(target.checked ? 'Whose phones to watch' : 'Who hears of it');
    find('send').replaceChildren(target.checked ? 'Send to everyone' : 'Send event');
  });
  fields.recipient.addEventListener('change', choose);
  suggest();
  choose();
  return { quiet: changed };
}

function show(answer) {
  find('event').hidden = false;
  find('event-place').replaceChildren(`${answer.topic} / ${answer.partition} @ ${answer.offset}`);
  find('event-json').replaceChildren(JSON.stringify(answer.event, null, 2));
}

function about(member) {
  const devices = member.devices.map(({ device, alive }) => deviceName(device) + (alive ? '' : ' (app removed)'));
  const facts = [devices.length ? devices.join(', ') : 'no device', member.email ?? 'no e-mail address'];
  if (member.phone) facts.push(member.phone);
  if (member.zone) facts.push(`in ${member.zone.slice(member.zone.indexOf('/') + 1)}`);
  if (member.optOut) facts.push(`has turned ${CHANNELS[member.optOut].toLowerCase()} off`);
  if (member.blocked) facts.push(`has blocked ${member.blocked}`);
  return [own(member.name), ': ' + facts.join('; ') + '.'];
}
