// A user's inbox in a page: stays in step with the gateway, and keeps what the user did until the gateway has it.
// See README.md.

import { Acts } from './acts.js';
import { Backoff } from './backoff.js';
import { Connection } from './connection.js';
import { Items, KEPT } from './items.js';
import { Problem, Rest } from './rest.js';
import { Timers } from './timers.js';

export { Problem };

/** Longer than the gateway may take to bring a client up to date. */
const CAUGHT_UP_MS = 15_000;
/** The gateway takes 10 frames a second: 2 of these, and 5 acts in 700 ms. */
const ACK_MS = 500;
const ACTS_AT_ONCE = 5;
const ACTS_PAUSE_MS = 700;
const ACTS_FLYING = 30;
const AGAIN_MS = 1_000;
/** The database follows the router by a moment, or, if it is down, by a long one. */
const READ_AGAIN = { firstMs: 500, longestMs: 30_000 };

export class InboxClient {
  #rest;
  #connection;
  #items = new Items();
  #acts;
  #random;
  #listeners = { change: new Set(), state: new Set(), problem: new Set() };
  #state = 'closed';
  #session = 0;
  #timers = new Timers();
  #acked = 0;
  #sent = 0;
  #wasLive = false;
  #readAgain;
  #fresh = [];
  #telling = false;
  #reading = false;

  constructor({
    url, token, storage = webStorage(), reconnect = {}, random = Math.random,
    WebSocket = globalThis.WebSocket, fetch = globalThis.fetch,
  }) {
    const base = new URL(url ?? '/', globalThis.location?.href);
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    this.#random = random;
    this.#readAgain = new Backoff({ ...READ_AGAIN, random });
    this.#rest = new Rest({ base, token, fetch });
    this.#acts = new Acts(storage);
    this.#connection = new Connection({
      base,
      rest: this.#rest,
      WebSocket,
      reconnect,
      random,
      position: () => this.#position(),
      signedIn: ({ tenant = '', sub }) => { if (sub) this.#acts.adopt(`herald-inbox/${base.host}/${tenant}/${sub}/`); },
      frame: (frame) => this.#hear(frame),
      state: (state) => this.#moved(state),
    });
  }

  connect() {
    this.#connection.connect();
  }

  close() {
    this.#connection.close();
  }

  get state() {
    return this.#state;
  }

  get unread() {
    const changed = this.#items.all().reduce((sum, { seq, ...mark }) =>
      sum + unreadIn(this.#acts.applied(seq, mark)) - unreadIn(mark), 0);
    return Math.max(0, this.#items.unread + changed);
  }

  get waiting() {
    return this.#acts.waiting;
  }

  items({ all = false } = {}) {
    const now = Date.now();
    return this.#items.all()
      .map((item) => this.#acts.applied(item.seq, item))
      .filter(({ archived, dismissed, expiresAt }) => all || !(archived || dismissed || (expiresAt && expiresAt <= now)));
  }

  markRead(which) {
    this.#act('read', which);
  }

  markUnread(seqs) {
    this.#act('unread', seqs);
  }

  markSeen(which) {
    this.#act('seen', which);
  }

  archive(which) {
    this.#act('archive', which);
  }

  dismiss(which) {
    this.#act('dismiss', which);
  }

  markAllRead() {
    const [newest] = this.#items.all();
    if (newest) this.markRead({ upTo: newest.seq });
  }

  on(event, listener) {
    const listeners = this.#listeners[event];
    if (!listeners) throw new TypeError(`no such event: ${event}`);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #act(type, which) {
    const upTo = typeof which === 'object' && !Array.isArray(which) ? which.upTo : null;
    const seqs = upTo === null ? [which].flat() : [];
    if (![...seqs, ...(upTo === null ? [] : [upTo])].every((seq) => Number.isSafeInteger(seq) && seq > 0)) {
      throw new TypeError('items are named by their seq');
    }
    if (type === 'unread' && upTo !== null) throw new TypeError('nobody means to bring back all they ever read');
    if (seqs.length === 0 && upTo === null) return;
    this.#acts.add(type, { seqs, upTo });
    this.#changed();
    this.#sendActs();
  }

  #position() {
    const { complete, version, epoch } = this.#items;
    return { seq: complete, version, ...(epoch === null ? {} : { epoch }) };
  }

  #moved(state) {
    if (state === 'connecting') {
      this.#items.unsteady();
      this.#session += 1;
    } else if (state === 'open') {
      this.#acked = 0;
      this.#sent = 0;
      this.#timers.set('caught-up', CAUGHT_UP_MS, () => this.#read());
    } else {
      this.#session += 1;
      this.#timers.clearAll();
      this.#acts.lost();
    }
    // Open is not live: first it is brought up to date.
    this.#become(state === 'open' ? 'connecting' : state);
  }

  #hear(frame) {
    switch (frame.type) {
      case 'item': case 'mark': case 'user':
        this.#told(frame);
        break;
      case 'caught_up':
        this.#items.caughtUp(frame);
        this.#live();
        break;
      case 'resync':
        this.#items.spokenOf(frame.lastSeq);
        this.#read();
        break;
      case 'ok':
        this.#acts.done(frame.id);
        this.#settle();
        this.#changed();
        this.#sendActs();
        break;
      case 'error':
        this.#failed(frame);
        break;
      default: // A newer gateway may say more.
    }
  }

  #told(frame) {
    const fresh = this.#items.told(frame);
    this.#came(fresh ? [fresh] : []);
    if (frame.type === 'mark') frame.seqs.forEach((seq) => this.#acts.settle(seq, this.#items.markOf(seq)));
    this.#changed();
    // Before it has caught up, what is missing is on its way.
    if (this.#state === 'live') this.#fill();
  }

  #live() {
    this.#timers.clear('caught-up');
    this.#wasLive = true;
    this.#become('live');
    this.#changed();
    this.#sendActs();
    this.#fill();
  }

  /** What was there when the page opened is no news. */
  #came(fresh) {
    if (this.#wasLive) this.#fresh.push(...fresh);
  }

  /** Reads what the gateway has spoken of and never sent. */
  #fill() {
    if (this.#items.gap && !this.#timers.has('read')) this.#read();
  }

  #failed({ id, code, field }) {
    if (id === undefined) {
      // A gateway that does not take the resume.
      if (this.#state === 'connecting') this.#read();
    } else if (code === 'invalid') {
      this.#acts.refused(id);
      this.#tell('problem', new Problem({ title: 'The gateway refused what was done', field }));
      this.#changed();
    } else {
      this.#timers.set(`again ${id}`, this.#about(AGAIN_MS), () => {
        this.#acts.again(id);
        this.#sendActs();
      });
    }
  }

  #sendActs() {
    if (this.#state !== 'live') return;
    while (this.#sent < ACTS_AT_ONCE && this.#acts.flying < ACTS_FLYING) {
      const act = this.#acts.take();
      if (!act) break;
      this.#sent += 1;
      const { id, type, seqs, upTo } = act;
      this.#connection.send({ id, type, ...(seqs.length > 0 ? { seqs } : {}), ...(upTo === null ? {} : { upTo }) });
    }
    if (this.#sent > 0 && !this.#timers.has('acts')) {
      this.#timers.set('acts', ACTS_PAUSE_MS, () => {
        this.#sent = 0;
        this.#sendActs();
      });
    }
  }

  /** Acknowledges what listeners have had. */
  #ack() {
    if (this.#state !== 'live' || this.#items.complete <= this.#acked || this.#timers.has('ack')) return;
    this.#timers.set('ack', ACK_MS, () => {
      this.#acked = this.#items.complete;
      this.#connection.send({ type: 'ack', upTo: this.#acked });
    });
  }

  /** Reads the whole inbox, and again while something is missing. */
  async #read() {
    this.#timers.clear('caught-up');
    if (this.#reading) return;
    this.#reading = true;
    const session = this.#session;
    let wait = null;
    let good = false;
    try {
      this.#came(this.#items.read(await this.#rest.get(`v1/inbox?limit=${KEPT}`)));
      this.#settle();
      if (this.#items.gap) wait = this.#readAgain.next();
      else this.#readAgain.reset();
      good = true;
    } catch (problem) {
      this.#tell('problem', problem);
      wait = Math.max(this.#readAgain.next(), problem.waitMs ?? 0);
    }
    this.#reading = false;
    this.#changed();
    if (this.#connection.state !== 'open') return;
    // Another connection may have begun meanwhile: what was read may be older than what it missed.
    if (session !== this.#session) wait ??= 0;
    if (wait !== null) this.#timers.set('read', wait, () => this.#read());
    if (good && session === this.#session) this.#live();
  }

  #settle() {
    this.#items.all().forEach((item) => this.#acts.settle(item.seq, item));
  }

  #about(ms) {
    return ms * (1 + this.#random());
  }

  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell('state', state);
  }

  /** Tells once of all that comes in one go. */
  #changed() {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      const fresh = this.#fresh.splice(0);
      this.#tell('change', { fresh });
      this.#ack();
    });
  }

  #tell(event, detail) {
    for (const listener of this.#listeners[event]) {
      try {
        listener(detail);
      } catch (failure) {
        // The others hear of it all the same.
        queueMicrotask(() => { throw failure; });
      }
    }
  }
}

function unreadIn({ read, archived, dismissed }) {
  return read || archived || dismissed ? 0 : 1;
}

/** Some browsers throw where storage is forbidden. */
function webStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
