// One WebSocket to the gateway that stays open: renews its token, and comes back with full jitter.

import { post } from './api.js';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const DISPLACED = 4409;

export class GatewaySocket {
  #user;
  #device;
  #told;
  #state;
  #socket = null;
  #failures = 0;
  #closed = false;
  #timers = new Set();
  #commands = 0;

  /** `told` gets every frame; `state` gets 'connecting', 'open', 'lost' or 'displaced'. */
  constructor(user, device, told, state) {
    this.#user = user;
    this.#device = device;
    this.#told = told;
    this.#state = state;
    this.open();
  }

  async open() {
    this.#state('connecting');
    try {
      const { token, url } = await this.#token();
      if (this.#closed) return;
      const socket = new WebSocket(url);
      this.#socket = socket;
      socket.addEventListener('open', () => this.#authenticate(token));
      socket.addEventListener('message', (message) => this.#hear(JSON.parse(message.data)));
      socket.addEventListener('close', (end) => this.#lost(end.code));
    } catch {
      this.#lost(0);
    }
  }

  /** Sends a command such as {type: 'read', seqs: [1]}; returns false if it cannot be sent now. */
  send(command) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#commands += 1;
    this.#socket.send(JSON.stringify({ id: `${this.#device}-${this.#commands}`, ...command }));
    return true;
  }

  close() {
    this.#closed = true;
    this.#timers.forEach(clearTimeout);
    this.#socket?.close(1000);
  }

  #token() {
    return post('/api/token', { user: this.#user, device: this.#device });
  }

  #authenticate(token) {
    this.#socket?.send(JSON.stringify({ type: 'auth', token }));
  }

  #hear(frame) {
    if (this.#closed) return;
    if (frame.type === 'welcome') {
      this.#failures = 0;
      this.#state('open');
    }
    if (frame.type === 'welcome' || frame.type === 'renewed') {
      const left = frame.validUntil - Date.now();
      this.#later(Math.max(5000, left * 0.8), () => this.#renew());
    }
    this.#told(frame);
  }

  async #renew() {
    try {
      const { token } = await this.#token();
      this.#authenticate(token);
    } catch {
      this.#later(5000, () => this.#renew());
    }
  }

  #lost(code) {
    if (this.#closed) return;
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#socket = null;
    if (code === DISPLACED) {
      this.#state('displaced');
      return;
    }
    this.#state('lost');
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    this.#later(200 + Math.random() * longest, () => this.open());
  }

  #later(wait, work) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#closed) work();
    }, wait);
    this.#timers.add(timer);
  }
}
