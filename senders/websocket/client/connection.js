// Keeps a link to the gateway: comes back with full jitter, renews the token, and finds out when the link is dead.

import { Backoff } from './backoff.js';
import { Close, SocketLink, StreamLink } from './links.js';
import { claimsOf } from './rest.js';
import { Timers } from './timers.js';

/** After so many handshakes in a row that did not go through, an event stream is tried as well. */
const HANDSHAKES = 3;
const WELCOME_MS = 20_000;
const PONG_MS = 10_000;
const HEARTBEAT_MS = 25_000;
const SOONEST_RENEWAL_MS = 5_000;
const LONGEST_LIFE_MS = 3_600_000;
/** After the browser is online again, within this time: everybody behind the same router is, in the same moment. */
const ONLINE_AGAIN_MS = 1_000;

/** States: closed, connecting, open (welcomed), offline (will come back by itself), displaced (will not). */
export class Connection {
  #options;
  #backoff;
  #state = 'closed';
  #link = null;
  #token = null;
  #handshakes = 0;
  #streams = false;
  #refused = 0;
  #notBefore = 0;
  #heardAt = 0;
  #timers = new Timers();

  /**
   * @param options base, rest, WebSocket, reconnect, random; `position()` says what the client has; `signedIn(claims)`
   *   is told whose token is used; `frame(frame)` gets each frame but those of the link's own; `state(state)` each change
   */
  constructor(options) {
    this.#options = options;
    const { firstMs = 500, longestMs = 60_000 } = options.reconnect;
    this.#backoff = new Backoff({ firstMs, longestMs, random: options.random });
  }

  get state() {
    return this.#state;
  }

  connect() {
    if (this.#state === 'connecting' || this.#state === 'open') return;
    if (this.#state === 'closed') this.#watchBrowser('addEventListener');
    this.#timers.clearAll();
    this.#open();
  }

  close() {
    this.#watchBrowser('removeEventListener');
    this.#leave();
    this.#become('closed');
  }

  send(command) {
    this.#link?.send?.(command);
  }

  async #open() {
    // Stands for the link until there is one: a close meanwhile is noticed.
    const attempt = {};
    this.#link = attempt;
    this.#notBefore = 0;
    this.#become('connecting');
    try {
      this.#token = await this.#options.rest.fresh();
    } catch {
      if (this.#link === attempt) this.#ended({ opened: true, code: 0, waitMs: 0 });
      return;
    }
    if (this.#link !== attempt) return;
    if (!this.#token) {
      // Nobody is signed in.
      this.close();
      return;
    }
    this.#options.signedIn(claimsOf(this.#token));
    try {
      this.#link = this.#dial();
      this.#timers.set('welcome', WELCOME_MS, () => this.#link.close());
    } catch {
      // A token that is none cannot even be offered.
      this.#ended({ opened: true, code: Close.BUGS[0], waitMs: 0 });
    }
  }

  #dial() {
    const { rest, base, WebSocket, position } = this.#options;
    let link = null;
    const events = {
      frame: (frame) => { if (this.#link === link) this.#hear(frame); },
      end: (how) => { if (this.#link === link) this.#ended(how); },
    };
    link = this.#streams
      ? new StreamLink({ rest, position: position(), ...events })
      : new SocketLink({ base, WebSocket, token: this.#token, ...events });
    return link;
  }

  #hear(frame) {
    this.#heardAt = Date.now();
    if (frame.type === 'welcome') this.#welcomed(frame);
    else if (frame.type === 'renewed') this.#renewBefore(frame.validUntil);
    else if (frame.type === 'reconnect') this.#rotate(frame.afterMs);
    else this.#options.frame(frame);
  }

  #welcomed({ heartbeatMs = HEARTBEAT_MS, validUntil }) {
    this.#timers.clear('welcome');
    // From a stream the way back is a socket; should it fail again, the stream follows at once.
    this.#handshakes = this.#streams ? HANDSHAKES - 1 : 0;
    this.#refused = 0;
    this.#timers.set('healthy', this.#options.reconnect.healthyMs ?? 60_000, () => this.#backoff.reset());
    this.#renewBefore(validUntil);
    this.#beat(heartbeatMs);
    this.#link.resume(this.#options.position());
    this.#become('open');
  }

  #ended({ opened, code, waitMs }) {
    if (!opened && !this.#streams) this.#handshakes += 1;
    this.#streams = !opened && !this.#streams && this.#handshakes >= HANDSHAKES;
    this.#leave();
    if (code === Close.DISPLACED) {
      this.#become('displaced');
      return;
    }
    if (this.#streams) {
      this.#open();
      return;
    }
    let wait = this.#backoff.next();
    if (code === Close.UNAUTHENTICATED) {
      // With a new token it may go through at once, but not for ever.
      this.#refused += 1;
      if (this.#refused === 1) wait = Math.min(wait, ONLINE_AGAIN_MS);
    } else if (Close.BUGS.includes(code)) {
      wait = this.#backoff.longest();
    }
    this.#become('offline');
    this.#timers.set('open', Math.max(wait, waitMs, this.#notBefore - Date.now()), () => this.#open());
  }

  /** The gateway wants to be rid of the connection, and says when to come back: not all at once. */
  #rotate(afterMs) {
    const wait = Number.isFinite(afterMs) ? Math.max(0, afterMs) : 0;
    this.#notBefore = Date.now() + wait;
    this.#timers.set('rotate', wait, () => {
      this.#leave();
      this.#streams = false;
      this.#open();
    });
  }

  #leave() {
    const link = this.#link;
    this.#link = null;
    this.#timers.clearAll();
    link?.close?.();
  }

  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.state(state);
  }

  #renewBefore(validUntil) {
    if (!Number.isFinite(validUntil)) return;
    const { iat, exp } = claimsOf(this.#token);
    const life = exp > iat ? (exp - iat) * 1000 : LONGEST_LIFE_MS;
    const left = validUntil - Date.now();
    // Where the clock here is wrong that is nonsense, and the token's own times are not.
    const until = left > 0 && left <= life ? left : life;
    const share = 0.75 + this.#options.random() * 0.1;
    this.#timers.set('renew', Math.max(SOONEST_RENEWAL_MS, until * share), () => this.#renew());
  }

  async #renew() {
    const link = this.#link;
    let token;
    try {
      token = await this.#options.rest.fresh();
    } catch {
      if (this.#link === link) this.#timers.set('renew', SOONEST_RENEWAL_MS, () => this.#renew());
      return;
    }
    if (this.#link !== link) return;
    this.#token = token;
    if (!token) this.close();
    else if (link.renews) link.send({ type: 'auth', token });
    else this.#rotate(0);
  }

  #beat(heartbeatMs) {
    this.#timers.set('beat', heartbeatMs, () => {
      this.#beat(heartbeatMs);
      const silent = Date.now() - this.#heardAt;
      if (!this.#link.renews && silent > heartbeatMs * 2.5) this.#link.close();
      else if (silent >= heartbeatMs / 2) this.#probe();
    });
  }

  /** Browsers hide the protocol's pings: a dead connection is only found by asking. */
  #probe() {
    const link = this.#link;
    if (!link?.renews) return;
    const asked = Date.now();
    link.send({ type: 'ping' });
    this.#timers.set('pong', PONG_MS, () => { if (this.#heardAt < asked) link.close(); });
  }

  #watchBrowser(change) {
    for (const event of ['online', 'offline', 'pageshow']) globalThis[change]?.(event, this.#browser);
    globalThis.document?.[change]('visibilitychange', this.#browser);
  }

  #browser = ({ type }) => {
    if (type === 'offline') {
      // The link is dead, though nobody has told it.
      this.#link?.close?.();
    } else if (this.#state === 'offline' && globalThis.document?.visibilityState !== 'hidden') {
      const wait = Math.max(this.#options.random() * ONLINE_AGAIN_MS, this.#notBefore - Date.now());
      this.#timers.set('open', wait, () => this.#open());
    } else if (this.#state === 'open') {
      this.#probe();
    }
  };
}
