// The chosen user's phones, with the pushes that the providers' simulators really received.

import { announce, clockOf, el, exactTimeOf, find, own, timeOf } from './dom.js';
import { deviceName, PROVIDERS } from './words.js';

const SHOWN = 6;
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

export class Phones {
  #pushes = new Map();
  #screens = new Map();
  #devices = [];

  /** Shows the phones of a user. */
  show(member) {
    this.#devices = member.devices;
    this.#screens.clear();
    find('phones').replaceChildren(...member.devices.map((device) => this.#phone(device)));
    if (member.devices.length === 0) {
      find('phones').append(el('p', { class: 'empty' }, own(member.name), ' has neither phone nor browser.'));
    }
    member.devices.forEach(({ token }) => this.#fill(token));
  }

  /** Adds pushes that had arrived before. */
  known(pushes) {
    pushes.forEach((push) => this.#keep(push));
    this.#devices.forEach(({ token }) => this.#fill(token));
  }

  /** Adds a push that has just arrived. */
  arrived(push) {
    const fresh = this.#keep(push);
    const device = this.#devices.find(({ token }) => token === push.token);
    if (device && fresh) {
      this.#fill(push.token, push);
      if (!push.silent) announce(`${deviceName(device.device)} shows: ${push.title}`);
    }
  }

  #keep(push) {
    const key = `${push.at} ${push.provider} ${push.deliveryId} ${push.token}`;
    if (this.#pushes.has(key)) return false;
    this.#pushes.set(key, push);
    return true;
  }

  #phone({ device, provider, token, alive }) {
    const name = deviceName(device);
    const now = Date.now();
    const list = el('ol', { class: 'pushes', 'aria-label': `Notifications on ${name}` });
    const count = el('span', { class: 'count' });
    this.#screens.set(token, { list, count, alive });
    return el('article', { class: `phone ${name.toLowerCase()}`, 'data-alive': String(alive), 'aria-label': name },
      el('div', { class: 'body' },
        el('div', { class: 'screen', tabindex: '0', role: 'group', 'aria-label': `Screen of ${name}` },
          el('div', { class: 'lock', 'aria-hidden': 'true' },
            el('p', { class: 'hour' }, clockOf(now)),
            el('p', { class: 'day' }, day.format(now))),
          list)),
      el('footer', {}, el('strong', {}, name), el('span', {}, PROVIDERS[provider.toUpperCase()] ?? provider), count));
  }

  #fill(token, fresh = null) {
    const screen = this.#screens.get(token);
    if (!screen) return;
    const mine = [...this.#pushes.values()].filter((push) => push.token === token).sort((a, b) => b.at - a.at);
    const all = mine.filter(({ silent }) => !silent);
    const shown = visible(mine).slice(0, SHOWN);
    screen.list.replaceChildren(...shown.map((push) => card(push, push === fresh)));
    screen.count.replaceChildren(all.length === 0 ? '' : `${all.length} received`);
    if (shown.length === 0) {
      screen.list.append(el('li', { class: 'quiet' }, screen.alive
        ? all.length === 0 ? 'Nothing yet' : 'All read elsewhere'
        : 'The app was removed here. Its token is dead, and the provider says so.'));
    }
  }
}

/**
 * A later push with the same collapse id replaces an earlier one, as on a real phone. A silent one shows nothing: the app
 * takes away what was read elsewhere.
 */
function visible(newestFirst) {
  const replaced = new Set();
  const cleared = new Set();
  return newestFirst.filter(({ collapse, silent, clears, seq }) => {
    if (silent) {
      clears.forEach((gone) => cleared.add(gone));
      return false;
    }
    if (cleared.has(seq)) return false;
    if (!collapse) return true;
    if (replaced.has(collapse)) return false;
    replaced.add(collapse);
    return true;
  });
}

function card({ at, title, body }, fresh) {
  return el('li', { class: fresh ? 'push fresh' : 'push' },
    el('p', { class: 'app' },
      el('span', { class: 'appicon', 'aria-hidden': 'true' }, 'A'),
      el('span', {}, 'Acme'),
      el('time', { datetime: new Date(at).toISOString(), title: exactTimeOf(at) }, timeOf(at))),
    el('p', { class: 'title', dir: 'auto' }, title ?? ''),
    el('p', { class: 'text', dir: 'auto' }, body ?? ''));
}
