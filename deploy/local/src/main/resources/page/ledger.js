// Explains one event: what was decided, by whom and why, and what became of it, with milliseconds.

import { get } from './api.js';
import { dueOf, el, exactTimeOf, find, own, timeOf } from './dom.js';
import { categoryName, CHANNELS, deviceName, PROVIDERS, reasonWords, RECEIPTS, STAGES, STATES, why } from './words.js';

const REMEMBERED = 20;
const DIGEST = 'herald.digest';

const TAKES = { mail: ['takes the e-mail'], sms: ['takes the SMS'], post: ['takes the post'] };

/** Which of two steps of the same millisecond comes first. */
const ORDER = { sent: 0, kafka: 1, decision: 2, arrival: 3, transition: 4, 'dead-letter': 5 };

export class Ledger {
  #events = new Map();
  #arrivals = new Map();
  #people;
  #devices;
  #shown = null;
  #pinned = false;
  /** Whether the shown event is for many, so that a phone has to be told from another's. */
  #crowd = false;

  constructor(cast) {
    this.#people = new Map([...cast.actors, ...cast.users].map(({ user, name }) => [user, name]));
    this.#devices = new Map(cast.users.flatMap(({ name, devices }) => devices.map(({ device }) => [device, name])));
    find('ledger-event').addEventListener('change', ({ target }) => {
      this.#pinned = target.selectedIndex > 0;
      this.#shown = target.value;
      this.#render();
    });
  }

  /** Shows the event that the page itself has just sent. */
  sent(receipt) {
    this.#event(receipt.eventId).receipts.push(receipt);
    this.#pinned = false;
    this.#shown = receipt.eventId;
    this.#render();
  }

  /** Adds what the ledger, or a dead letter, says. */
  wrote(entry) {
    if (!entry.event) return;
    const unheard = !this.#events.has(entry.event);
    this.#event(entry.event).entries.set(identity(entry), entry);
    if (unheard && !this.#pinned) this.#shown = entry.event;
    this.#render();
  }

  /** Adds a push or a mail: what the decision's own deliveries came to, seen from the outside. */
  arrived(kind, { deliveryId, at, token }) {
    if (!deliveryId) return;
    if (!this.#arrivals.has(deliveryId)) this.#arrivals.set(deliveryId, []);
    const known = this.#arrivals.get(deliveryId);
    if (known.some((other) => other.at === at && other.token === token)) return;
    known.push({ kind, at, token });
    if (this.#shown && this.#deliveries(this.#events.get(this.#shown)).has(deliveryId)) this.#render();
  }

  /** Reads what was missed. */
  async load() {
    const { events } = await get('/api/ledger');
    const ids = new Set([...events.slice(0, 8).reverse(), ...(this.#shown ? [this.#shown] : [])]);
    for (const id of ids) {
      const { entries } = await get(`/api/ledger?event=${encodeURIComponent(id)}`);
      entries.forEach((entry) => this.wrote(entry));
    }
  }

  #event(id) {
    if (!this.#events.has(id)) {
      this.#events.set(id, { id, receipts: [], entries: new Map() });
      if (this.#events.size > REMEMBERED) this.#events.delete(this.#events.keys().next().value);
    }
    return this.#events.get(id);
  }

  #render() {
    const event = this.#events.get(this.#shown);
    if (!event) return;
    this.#options();
    const steps = this.#steps(event);
    const start = steps[0]?.at ?? 0;
    find('ledger-summary').replaceChildren(...this.#summary(event, steps));
    find('timeline').replaceChildren(...steps.map((step) => el('li', { class: 'step', 'data-look': step.look },
      el('time', { datetime: new Date(step.at).toISOString(), title: exactTimeOf(step.at) }, `+${step.at - start}`,
        el('span', {}, ' ms')),
      el('div', { class: 'what' },
        el('p', {}, el('strong', {}, step.who), ' ', ...step.said),
        step.more ?? null))));
  }

  #options() {
    const select = find('ledger-event');
    const events = [...this.#events.values()].reverse();
    select.hidden = events.length < 2;
    select.replaceChildren(...events.map((event) => el('option', { value: event.id, dir: 'auto' }, this.#label(event))));
    select.value = this.#shown ?? '';
  }

  #label(event) {
    const { title, name, at } = this.#subject(event);
    return `${timeOf(at)} ${title}${name ? ` → ${name}` : ''}`;
  }

  #subject(event) {
    const decisions = [...event.entries.values()].filter(({ kind }) => kind === 'decision');
    const decision = decisions[0];
    const first = event.receipts[0];
    const category = first?.event.category ?? decision?.category;
    const users = new Set(first?.event.recipients ?? decisions.map(({ user }) => user));
    const many = users.size > 1 || (first && !first.event.recipients);
    return {
      many,
      title: (category ? categoryName(category) : 'Event') + (decision?.source === DIGEST ? ', a digest' : ''),
      name: many ? 'everyone' : this.#name([...users][0]),
      at: first?.producedAt ?? decision?.at ?? [...event.entries.values()][0]?.at ?? Date.now(),
    };
  }

  #name(user) {
    return this.#people.get(user) ?? user;
  }

  #deliveries(event) {
    const ids = new Map();
    for (const entry of event?.entries.values() ?? []) {
      for (const verdict of entry.verdicts ?? []) if (verdict.deliveryId) ids.set(verdict.deliveryId, verdict);
    }
    return ids;
  }

  #steps(event) {
    this.#crowd = this.#subject(event).many;
    const steps = event.receipts.flatMap((receipt, index) => this.#sentSteps(receipt, index));
    for (const entry of event.entries.values()) steps.push(this.#entryStep(entry));
    for (const [id, verdict] of this.#deliveries(event)) {
      for (const arrival of this.#arrivals.get(id) ?? []) steps.push(this.#arrivalStep(arrival, verdict));
    }
    return steps.sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind]);
  }

  #sentSteps({ producedAt, acknowledgedAt, topic, partition, offset, event }, index) {
    return [{
      kind: 'sent', at: producedAt, look: 'plain', who: 'You',
      said: [index ? 'send the same event again' : `send “${categoryName(event.category)}” from `,
        ...(index ? [] : [own(this.#name(event.actor)), ' to ',
          event.recipients ? own(this.#name(event.recipients[0])) : 'everyone, in one record'])],
    }, {
      kind: 'kafka', at: acknowledgedAt, look: 'plain', who: 'Kafka',
      said: ['has it, at ', code(`${topic} / ${partition} @ ${offset}`)],
    }];
  }

  #entryStep(entry) {
    if (entry.kind === 'decision') return this.#decisionStep(entry);
    return entry.kind === 'transition' ? this.#transitionStep(entry) : letterStep(entry);
  }

  #decisionStep(entry) {
    const place = code(`mailbox / ${entry.mailboxPartition} @ ${entry.mailboxOffset}`);
    const base = { kind: 'decision', at: entry.at, who: 'Router' };
    if (entry.reason) {
      const first = entry.firstOffset === undefined ? [] : ['. The first copy is at offset ', code(entry.firstOffset)];
      return {
        ...base, look: 'none',
        said: ['plans nothing for ', own(this.#name(entry.user)), `: ${reasonWords(entry.reason)}`, ...first],
        more: entry.verdicts.length ? this.#verdicts(entry) : el('p', { class: 'place' }, place),
      };
    }
    return {
      ...base, look: 'plain', again: entry.again,
      said: entry.again
        ? ['decides what waited for ', own(this.#name(entry.user))]
        : [entry.source === DIGEST ? 'sends the digest to ' : 'decides for ', own(this.#name(entry.user)),
          entry.seq === undefined ? '' : `, as inbox item #${entry.seq}`],
      more: el('div', {}, el('p', { class: 'place' }, place), this.#verdicts(entry)),
    };
  }

  #verdicts({ verdicts }) {
    return el('ul', { class: 'verdicts' }, verdicts.map((verdict) => {
      const { channel, state, addressId, dueAt } = verdict;
      const [word, look] = STATES[state];
      const because = why(verdict, dueAt === undefined ? null : dueOf(dueAt));
      const name = this.#address(channel, addressId);
      return el('li', { 'data-look': look },
        el('span', { class: 'channel' }, CHANNELS[channel] ?? channel, name ? el('small', {}, name) : null),
        el('span', { class: 'chip' }, word),
        because ? el('span', { class: 'why' }, because) : null);
    }));
  }

  #transitionStep({ at, route, addressId, state, attempt, reason, detail, dueAt, late, receipt }) {
    const [word, look] = RECEIPTS[receipt] ?? STATES[state];
    const facts = [
      attempt > 1 ? `attempt ${attempt}` : null,
      reason ? reasonWords(reason) : null,
      detail,
      dueAt === undefined ? null : `tried again at ${exactTimeOf(dueAt)}`,
      late && !receipt ? 'too late to change anything' : null,
    ].filter(Boolean);
    return {
      kind: 'transition', at, look, who: 'Router',
      said: [`hears from ${PROVIDERS[route] ?? route}: `, el('span', { class: 'chip' }, word), ' ',
        ...(this.#devices.has(addressId) ? ['on ', ...this.#phone(addressId)] : [])],
      more: facts.length ? el('p', { class: 'why' }, facts.join('; ')) : null,
    };
  }

  #arrivalStep({ kind, at }, { route, addressId }) {
    return {
      kind: 'arrival', at, look: 'good', who: PROVIDERS[route] ?? route,
      said: TAKES[kind] ?? ['takes the push for ', ...this.#phone(addressId)],
    };
  }

  #phone(device) {
    return this.#crowd ? [own(this.#devices.get(device)), `’s ${deviceName(device)}`] : [deviceName(device)];
  }

  #address(channel, addressId) {
    if (channel === 'INBOX' || !addressId) return '';
    return this.#devices.has(addressId) ? deviceName(addressId) : '';
  }

  #summary(event, steps) {
    const ends = new Map();
    for (const entry of [...event.entries.values()].sort((a, b) => a.at - b.at)) {
      if (entry.kind === 'decision' && entry.reason !== 'DUPLICATE') {
        const wait = (verdict) => `${entry.notificationId} ${verdict.channel}`;
        // What waited has come to what is said of it now.
        if (entry.again) entry.verdicts.forEach((verdict) => ends.delete(wait(verdict)));
        entry.verdicts.forEach((verdict) => ends.set(verdict.deliveryId ?? wait(verdict), verdict.state));
      } else if (entry.kind === 'transition' && !entry.late && !entry.receipt) {
        ends.set(entry.deliveryId, entry.state);
      }
    }
    const subject = this.#subject(event);
    const title = [el('strong', {}, subject.title), ' for ', own(subject.name ?? '?')];
    if (event.entries.size === 0) return [...title, ': waiting for the router…'];
    const counts = new Map();
    ends.forEach((state) => counts.set(STATES[state][0], (counts.get(STATES[state][0]) ?? 0) + 1));
    const said = [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
    // Not what came of sending it again, which is nothing.
    const last = steps.filter(({ kind, again }) => kind === 'arrival' || kind === 'transition' || again).at(-1)
      ?? steps.find(({ kind }) => kind === 'decision' || kind === 'dead-letter');
    const took = last ? last.at - steps[0].at : 0;
    const open = [...ends.values()].some((state) => STATES[state][1] === 'open');
    return [...title, `: ${said || 'nothing planned'}. ${took} ms ${open ? 'so far' : 'from the event to the end'}.`];
  }
}

function letterStep({ at, stage, reason, field, detail, topic, partition, offset }) {
  return {
    kind: 'dead-letter', at, look: 'bad', who: STAGES[stage] ?? stage,
    said: ['gives up: ', reasonWords(reason)],
    more: el('div', {},
      el('p', { class: 'why' }, [field, detail].filter(Boolean).join(': ')),
      el('p', { class: 'place' }, 'in ', code('dead.letter'), ', read from ', code(`${topic} / ${partition} @ ${offset}`))),
  };
}

const code = (text) => el('code', {}, String(text));

// A cause may wake several channels, each with a decision of its own.
function identity({ kind, at, notificationId, deliveryId, state, attempt, receipt, mailboxOffset, offset, verdicts = [] }) {
  const channels = verdicts.map(({ channel }) => channel).join('+');
  return [kind, at, notificationId, deliveryId, state, attempt, receipt, mailboxOffset, offset, channels].join(' ');
}
