// One browser of a user: Herald's client and its bell, with a connection of its own.

import { InboxClient } from '/client/inbox-client.js';
import '/client/herald-bell.js';
import { post } from './api.js';
import { el, own } from './dom.js';

const CONNECTION = {
  closed: '', connecting: 'Connecting…', live: 'Live', offline: 'Offline, coming back…', displaced: 'Replaced by another window',
};

/** Where the gateway answers requests, of where it takes sockets. */
export const gatewayOf = ({ gateway }) => new URL('/', gateway.replace(/^ws/, 'http'));

/** Returns what gets tokens for a user's device. */
export const tokensFor = (user, device) => async () => (await post('/api/token', { user, device })).token;

export class Pane {
  #client;
  #element;

  /** `speaks`: whether screen readers are told; of two panes only one should. */
  constructor(cast, { user }, device, label, speaks) {
    this.#client = new InboxClient({ url: gatewayOf(cast), token: tokensFor(user, device) });
    const bell = el('herald-bell', { inline: true, open: true, silent: !speaks });
    bell.client = this.#client;
    const state = el('span', { class: 'state' });
    this.#element = el('article', { class: 'pane', 'aria-label': label },
      el('header', {},
        el('span', { class: 'dot', 'aria-hidden': 'true' }),
        el('span', { class: 'where' }, el('strong', {}, label), own(device, { class: 'device' })),
        state),
      bell);
    this.#client.on('state', (now) => {
      this.#element.dataset.state = now;
      state.replaceChildren(CONNECTION[now]);
    });
    this.#client.connect();
  }

  get element() {
    return this.#element;
  }

  close() {
    this.#client.close();
  }
}
