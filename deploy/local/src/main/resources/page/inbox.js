// One browser of a user: the bell and the list, with a socket of its own.

import { get } from './api.js';
import { announce, el, exactTimeOf, icon, own, timeOf } from './dom.js';
import { GatewaySocket } from './socket.js';

const BELL = ['M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15Z', 'M10 20.5a2 2 0 0 0 4 0'];
const SHOWN = 20;
/** PostgreSQL follows the router by a moment; what was pushed while the socket was away may show up only then. */
const SECOND_LOOK = 2500;

const CONNECTION = {
  connecting: 'Connecting…', open: 'Live', lost: 'Offline, coming back…', displaced: 'Replaced by another window',
};

export class Pane {
  #member;
  #socket;
  #speaks;
  #items = new Map();
  #marks = new Map();
  #summary = { unread: 0, changedAt: -1 };
  #second = null;
  #parts;

  /** `speaks`: whether screen readers are told; of two panes only one should. */
  constructor(member, device, label, speaks) {
    this.#member = member;
    this.#speaks = speaks;
    this.#parts = parts(label, device, () => this.#readAll(), () => this.#socket.open());
    this.#socket = new GatewaySocket(member.user, device, (frame) => this.#told(frame), (state) => this.#state(state));
    this.#render();
  }

  get element() {
    return this.#parts.pane;
  }

  close() {
    clearTimeout(this.#second);
    this.#socket.close();
  }

  #state(state) {
    this.#parts.pane.dataset.state = state;
    this.#parts.state.replaceChildren(CONNECTION[state]);
    this.#parts.back.hidden = state !== 'displaced';
    this.#render();
  }

  #told(frame) {
    if (frame.type === 'welcome' || frame.type === 'resync') {
      this.#load();
      clearTimeout(this.#second);
      this.#second = setTimeout(() => this.#load(), SECOND_LOOK);
      return;
    }
    if (!['item', 'mark', 'user'].includes(frame.type)) return;
    if (frame.type === 'item' && !this.#items.has(frame.seq)) {
      this.#items.set(frame.seq, { seq: frame.seq, ...frame.item, fresh: true });
      if (this.#speaks) announce(`Inbox: ${frame.item.title}`);
    }
    if (frame.type === 'mark') frame.seqs.forEach((seq) => this.#mark(seq, frame.mark));
    this.#summarise(frame.unread, frame.at);
    this.#render();
  }

  async #load() {
    try {
      const inbox = await get(`/api/inbox?user=${encodeURIComponent(this.#member.user)}`);
      for (const item of inbox.items) {
        if (!this.#items.has(item.seq)) this.#items.set(item.seq, item);
        this.#mark(item.seq, item);
      }
      this.#summarise(inbox.unread, inbox.changedAt);
      this.#render();
    } catch {
      this.#parts.state.replaceChildren('The inbox cannot be read at the moment');
    }
  }

  /** The newest version of a mark wins, whichever way it comes. */
  #mark(seq, mark) {
    const known = this.#marks.get(seq);
    if (!known || mark.version >= known.version) this.#marks.set(seq, mark);
  }

  #summarise(unread, changedAt) {
    if (changedAt >= this.#summary.changedAt) this.#summary = { unread, changedAt };
  }

  #isRead({ seq }) {
    return this.#marks.get(seq)?.read === true;
  }

  #toggle(item) {
    this.#socket.send({ type: this.#isRead(item) ? 'unread' : 'read', seqs: [item.seq] });
  }

  #readAll() {
    const newest = Math.max(...this.#items.keys());
    if (newest > 0) this.#socket.send({ type: 'read', upTo: newest });
  }

  #render() {
    const { bell, badge, list, all, empty, pane } = this.#parts;
    const { unread } = this.#summary;
    badge.replaceChildren(unread > 99 ? '99+' : String(unread));
    badge.hidden = unread === 0;
    bell.setAttribute('aria-label', unread === 1 ? '1 unread' : `${unread} unread`);
    all.disabled = unread === 0 || pane.dataset.state !== 'open';
    const items = [...this.#items.values()]
      .filter(({ seq }) => !this.#marks.get(seq)?.archived)
      .sort((a, b) => b.seq - a.seq)
      .slice(0, SHOWN);
    empty.hidden = items.length > 0;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.seq : null;
    list.replaceChildren(...items.map((item) => this.#row(item)));
    items.forEach((item) => { item.fresh = false; });
    if (focused) list.querySelector(`[data-seq="${Number(focused)}"]`)?.focus();
  }

  #row(item) {
    const read = this.#isRead(item);
    return el('li', { class: item.fresh ? 'item fresh' : 'item', 'data-read': String(read) },
      el('button', {
        type: 'button',
        'data-seq': String(item.seq),
        title: read ? 'Mark as unread' : 'Mark as read',
        on: { click: () => this.#toggle(item) },
      },
      el('span', { class: 'hidden' }, read ? 'Read: ' : 'Unread: '),
      el('span', { class: 'title', dir: 'auto' }, item.title),
      el('span', { class: 'text', dir: 'auto' }, item.body),
      el('span', { class: 'meta' },
        el('span', {}, `#${item.seq}`),
        el('time', { datetime: new Date(item.createdAt).toISOString(), title: exactTimeOf(item.createdAt) },
          timeOf(item.createdAt)))));
  }
}

function parts(label, device, readAll, comeBack) {
  const badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
  const bell = el('span', { class: 'bell', role: 'img' }, icon(...BELL), badge);
  const state = el('span', { class: 'state' });
  const back = el('button', { type: 'button', hidden: true, on: { click: comeBack } }, 'Connect again');
  const all = el('button', { type: 'button', class: 'small', on: { click: readAll } }, 'Mark all read');
  const list = el('ol', { class: 'items', 'aria-label': `Inbox in ${label}` });
  const empty = el('p', { class: 'empty' }, 'Nothing here yet.');
  const pane = el('article', { class: 'pane', 'aria-label': label },
    el('header', {},
      el('span', { class: 'dot', 'aria-hidden': 'true' }),
      el('span', { class: 'where' }, el('strong', {}, label), own(device, { class: 'device' })),
      state, back),
    el('div', { class: 'bar' }, bell, el('h3', {}, 'Notifications'), all),
    empty,
    list);
  return { pane, bell, badge, state, back, all, list, empty };
}
