// The providers, and what goes wrong at them.

import { get, post } from './api.js';
import { announce, el, find } from './dom.js';
import { FAULTS, PROVIDERS } from './words.js';

const LOOK_MS = 2000;
const name = (provider) => PROVIDERS[provider.toUpperCase()] ?? provider;

export class Providers {
  #rows = new Map();

  /** Looks now, and every two seconds while the page is seen. */
  async look() {
    try {
      this.#show(await get('/api/providers'));
    } finally {
      clearTimeout(this.next);
      this.next = setTimeout(() => this.#again(), LOOK_MS);
    }
  }

  #again() {
    if (document.hidden) this.next = setTimeout(() => this.#again(), LOOK_MS);
    else this.look().catch(() => {});
  }

  #show(rows) {
    for (const row of rows) {
      if (!this.#rows.has(row.provider)) this.#add(row);
      this.#rows.get(row.provider)(row);
    }
  }

  #add({ provider }) {
    const label = name(provider);
    const fault = el('select', { 'aria-label': `What goes wrong at ${label}` },
      Object.entries(FAULTS).map(([value, words]) => el('option', { value }, words)));
    const percent = el('select', { 'aria-label': `How many requests to ${label} meet it` },
      [100, 50, 20, 5].map((share) => el('option', { value: share }, `${share} %`)));
    const requests = el('td', { class: 'number' });
    const row = el('tr', {},
      el('th', { scope: 'row' }, label),
      el('td', {}, fault), el('td', {}, percent), requests);
    find('providers').append(row);
    const tell = async () => {
      try {
        this.#show(await post('/api/faults', { provider, fault: fault.value, percent: Number(percent.value) }));
        find('provider-problem').replaceChildren();
        announce(`${label}: ${FAULTS[fault.value]}`);
      } catch (refused) {
        find('provider-problem').replaceChildren(refused.message);
      }
    };
    fault.addEventListener('change', tell);
    percent.addEventListener('change', tell);
    this.#rows.set(provider, (now) => {
      row.dataset.ill = String(now.fault !== 'NONE');
      // Whoever is choosing is not disturbed.
      if (document.activeElement !== fault) fault.value = now.fault;
      percent.disabled = now.fault === 'NONE';
      if (now.percent && document.activeElement !== percent) percent.value = String(now.percent);
      requests.replaceChildren(`${now.requests}`, el('span', {}, ` · ${now.taken} taken`));
    });
  }
}
