// <herald-preferences>: what reaches a user, how, when, and how often. See README.md.

import { el } from './element.js';
import {
  CHANNELS, Switches, categoriesOf, digestChanges, digestOf, parseCategories, windowOf, windowToSend,
} from './preferences-model.js';
import { aboutYou, digestList, mute, quietHours, switchTable } from './preferences-sections.js';
import { style } from './preferences-style.js';
import { WORDS } from './preferences-words.js';
import { Rest } from './rest.js';
import { theme } from './theme.js';

const PATH = 'v1/preferences';

export class HeraldPreferences extends HTMLElement {
  #token = null;
  #words = WORDS;
  #rest = null;
  #before = null;
  #edited = null;
  #status = el('p', { id: 'status', role: 'status', part: 'status' });
  #problem = el('p', { class: 'problem', role: 'alert' });

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [theme, style];
  }

  /** A function that returns a promise of the user's token, as an InboxClient has one. Setting it reads the settings. */
  get token() {
    return this.#token;
  }

  set token(token) {
    this.#token = token;
    const base = new URL(this.getAttribute('url') ?? '/', location.href);
    this.#rest = new Rest({ base, token, fetch: globalThis.fetch });
    this.load();
  }

  get words() {
    return this.#words;
  }

  set words(words) {
    this.#words = { ...WORDS, ...words };
    if (this.#before) this.#show();
  }

  connectedCallback() {
    if (!this.#before) this.#say(this.#words.loading);
  }

  get #locale() {
    return this.closest('[lang]')?.lang || navigator.language;
  }

  /** Reads the settings anew; what was edited and not saved is gone. */
  async load() {
    this.#say(this.#words.loading);
    try {
      const [preferences, inbox] = await Promise.all([this.#rest.get(PATH), this.#rest.get('v1/inbox?limit=100')]);
      this.#take(preferences, inbox.items ?? []);
    } catch {
      this.#say(this.#words.unavailable, el('button', { type: 'button', on: { click: () => this.load() } }, this.#words.again));
    }
  }

  #take(preferences, items) {
    const categories = categoriesOf(parseCategories(this.getAttribute('categories')), preferences, items);
    this.#before = { preferences, items, categories };
    this.#show();
  }

  #say(...content) {
    this.shadowRoot.replaceChildren(el('form', {}, el('p', { role: 'status', class: 'hint' }, ...content)));
  }

  #show() {
    const { preferences, categories } = this.#before;
    const { locale = null, zone = null, quietHours: windows = [], digests = [], optOuts, doNotDisturbUntil } = preferences;
    const edited = {
      switches: new Switches(optOuts),
      windows: windows.map(windowOf),
      digests: new Map([...categories.map(({ id }) => id), null].map((id) => [id, digestOf(digests, id)])),
      settings: { locale, zone },
      until: undefined,
    };
    this.#edited = edited;
    const words = this.#words;
    const common = { words, locale: this.#locale, categories };
    this.#status.textContent = '';
    this.#problem.textContent = '';
    this.shadowRoot.replaceChildren(el('form', {
      part: 'form', novalidate: true, 'aria-labelledby': 'title', on: { submit: (event) => { event.preventDefault(); this.save(); } },
    },
    el('h2', { id: 'title' }, words.title),
    switchTable({ ...common, switches: edited.switches, channels: list(this.getAttribute('channels')) ?? CHANNELS.slice(0, 4) }),
    mute({
      ...common,
      until: doNotDisturbUntil ? Date.parse(doNotDisturbUntil) : null,
      set: (until, active) => { edited.until = until === null && !active ? undefined : until; },
    }),
    quietHours({ ...common, windows: edited.windows }),
    digestList({ ...common, digests: edited.digests }),
    aboutYou({ ...common, settings: edited.settings, languages: list(this.getAttribute('languages')) ?? [...navigator.languages, 'en'] }),
    this.#problem,
    el('div', { class: 'foot' }, el('button', { type: 'submit' }, words.save), this.#status)));
  }

  /** Sends what was changed, and shows what the server made of it. Returns whether it was saved. */
  async save() {
    const words = this.#words;
    this.#problem.textContent = '';
    const change = this.#changes();
    if (change === null) {
      this.#problem.textContent = words.quietProblem;
      return false;
    }
    if (Object.keys(change).length === 0) {
      this.#status.textContent = words.unchanged;
      return true;
    }
    const button = this.shadowRoot.querySelector('[type="submit"]');
    button.disabled = true;
    this.#status.textContent = words.saving;
    try {
      const { receipt } = await this.#rest.patch(PATH, change);
      const { json, behind } = await this.#rest.after(PATH, receipt);
      // What does not hold the change yet would look as if it were lost.
      if (!behind) this.#take(json, this.#before.items);
      this.shadowRoot.querySelector('[type="submit"]').focus();
      this.#status.textContent = behind ? words.behind : words.saved;
      this.dispatchEvent(new CustomEvent('herald-saved', { bubbles: true, composed: true }));
      return true;
    } catch (problem) {
      this.#status.textContent = '';
      this.#problem.textContent = words.failed(problem.message);
      return false;
    } finally {
      button.disabled = false;
    }
  }

  /** What differs from what was read; null where something is not complete. */
  #changes() {
    const { preferences } = this.#before;
    const { switches, windows, digests, settings, until } = this.#edited;
    const quiet = windows.map(windowToSend);
    if (quiet.includes(null)) return null;
    const change = {};
    const optOuts = switches.changes();
    if (optOuts.length > 0) change.optOuts = optOuts;
    const before = (preferences.quietHours ?? []).map((each) => windowToSend(windowOf(each)));
    if (JSON.stringify(quiet) !== JSON.stringify(before)) change.quietHours = quiet;
    const often = digestChanges(preferences.digests ?? [], digests);
    if (often.length > 0) change.digests = often;
    if (until !== undefined) change.doNotDisturbUntil = until === null ? null : new Date(until).toISOString();
    for (const name of ['locale', 'zone']) {
      if (settings[name] && settings[name] !== (preferences[name] ?? null)) change[name] = settings[name];
    }
    return change;
  }
}

function list(text) {
  return text?.split(',').map((each) => each.trim()).filter(Boolean) ?? null;
}

if (!customElements.get('herald-preferences')) customElements.define('herald-preferences', HeraldPreferences);
