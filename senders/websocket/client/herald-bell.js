// <herald-bell>: a bell with a count, and the list behind it. See README.md.

import { ago } from './ago.js';
import { makeRow, markRow } from './bell-row.js';
import { style } from './bell-style.js';
import { WORDS } from './bell-words.js';
import { el, icon, safeLink } from './element.js';
import { theme } from './theme.js';

const BELL = ['M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15Z', 'M10 20.5a2 2 0 0 0 4 0'];
const CROSS = ['M6 6l12 12', 'M18 6 6 18'];
const MOST_SHOWN = 99;
const MINUTE = 60_000;
const NARROW = '(max-width: 480px)';
const GAP = 8;

export class HeraldBell extends HTMLElement {
  static observedAttributes = ['inline', 'open', 'preferences'];

  #client = null;
  #words = WORDS;
  #ends = [];
  #parts;
  #rows = new Map();
  #current = null;
  #minute = null;
  #calm = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [theme, style];
    this.#parts = this.#build();
    root.append(this.#parts.bell, this.#parts.panel, this.#parts.says);
  }

  /** The InboxClient whose items are shown; the bell does not connect or close it. */
  get client() {
    return this.#client;
  }

  set client(client) {
    this.#forget();
    this.#client = client;
    if (this.isConnected) this.#listen();
  }

  get words() {
    return this.#words;
  }

  set words(words) {
    this.#words = { ...WORDS, ...words };
    this.#name();
    this.#render();
  }

  get open() {
    return this.hasAttribute('open');
  }

  set open(open) {
    this.toggleAttribute('open', Boolean(open));
  }

  connectedCallback() {
    this.#name();
    this.#listen();
    this.#show();
  }

  disconnectedCallback() {
    this.#forget();
    this.#watch(false);
  }

  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    if (name === 'preferences') this.#name();
    else this.#show();
  }

  #build() {
    const badge = el('span', { id: 'badge', part: 'badge', 'aria-hidden': 'true', hidden: true });
    const bell = el('button', {
      id: 'bell', part: 'bell', type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', 'aria-controls': 'panel',
      on: { click: () => this.#toggle(), keydown: (event) => this.#bellKey(event) },
    }, icon(...BELL), badge);
    const title = el('h2', { id: 'title', part: 'title' });
    const all = el('button', { type: 'button', part: 'action', on: { click: () => { if (this.#client?.unread > 0) this.#client.markAllRead(); } } });
    const preferences = el('a', { part: 'action', hidden: true });
    const close = el('button', { id: 'close', type: 'button', part: 'action', on: { click: () => this.#shut(true) } }, icon(...CROSS));
    const state = el('p', { id: 'state', part: 'state', role: 'status' });
    const list = el('div', { id: 'list', part: 'list', role: 'feed', 'aria-labelledby': 'title' });
    const empty = el('p', { id: 'empty', part: 'empty' });
    const panel = el('section', {
      id: 'panel', part: 'panel', role: 'dialog', 'aria-labelledby': 'title', tabindex: '-1', hidden: true,
      on: { keydown: (event) => this.#panelKey(event), focusin: (event) => this.#focused(event), focusout: (event) => this.#left(event) },
    }, el('header', { part: 'header' }, title, all, preferences, close), state, empty, list);
    const says = el('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
    return { bell, badge, title, all, preferences, close, state, list, empty, panel, says };
  }

  /** Puts the words in. */
  #name() {
    const { title, all, preferences, close, empty } = this.#parts;
    title.textContent = this.#words.title;
    all.textContent = this.#words.markAllRead;
    preferences.textContent = this.#words.preferences;
    const link = safeLink(this.getAttribute('preferences'));
    preferences.hidden = link === null;
    if (link) preferences.href = link;
    close.setAttribute('aria-label', this.#words.close);
    empty.textContent = this.#words.empty;
  }

  #listen() {
    if (!this.#client || this.#ends.length > 0) return;
    this.#ends = [
      this.#client.on('change', ({ fresh }) => {
        this.#render(fresh);
        this.#announce(fresh);
        if (this.open) this.#seen();
      }),
      this.#client.on('state', () => this.#render()),
    ];
    this.#minute = setInterval(() => this.#age(), MINUTE);
    this.#render();
  }

  #forget() {
    this.#ends.splice(0).forEach((end) => end());
    clearInterval(this.#minute);
  }

  get #locale() {
    return this.closest('[lang]')?.lang || navigator.language;
  }

  // --- what is shown ---

  #render(fresh = []) {
    const items = this.#client?.items() ?? [];
    const unread = this.#client?.unread ?? 0;
    const { bell, badge, all, list, empty, close } = this.#parts;
    badge.textContent = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread);
    badge.hidden = unread === 0;
    bell.setAttribute('aria-label', this.#words.label(unread));
    // Disabled for good it would lose the focus, and the keys with it.
    all.setAttribute('aria-disabled', String(unread === 0));
    close.hidden = this.hasAttribute('inline');
    empty.hidden = items.length > 0;
    this.#connection();
    const there = new Set(items.map(({ seq }) => seq));
    const news = new Set(fresh.map(({ seq }) => seq));
    for (const [seq, row] of this.#rows) {
      if (!there.has(seq)) {
        // Whoever stood on it stands on the next one.
        if (row.contains(this.shadowRoot.activeElement)) this.#step(row, 1) || this.#step(row, -1) || this.#parts.panel.focus();
        row.remove();
        this.#rows.delete(seq);
      }
    }
    items.forEach((item, index) => {
      const row = this.#rows.get(item.seq) ?? makeRow(item, news.has(item.seq), this.#locale, this.#deeds);
      this.#rows.set(item.seq, row);
      markRow(row, item, { index, count: items.length, words: this.#words, locale: this.#locale });
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    if (!this.#rows.has(this.#current)) this.#current = items[0]?.seq ?? null;
    this.#rove();
  }

  #connection() {
    const state = this.#client?.state ?? 'closed';
    const text = { connecting: this.#words.connecting, offline: this.#words.offline, displaced: this.#words.displaced }[state];
    const back = state === 'displaced'
      && el('button', { type: 'button', on: { click: () => this.#client.connect() } }, this.#words.comeBack);
    if (this.dataset.state === state && text) return;
    this.dataset.state = state;
    this.#parts.state.replaceChildren(...[text, back].filter(Boolean));
  }

  #age() {
    for (const { seq, createdAt } of this.#client?.items() ?? []) {
      const time = this.#rows.get(seq)?.querySelector('time');
      if (time) time.textContent = ago(createdAt, this.#locale, this.#words.justNow);
    }
  }

  #announce(fresh) {
    const news = fresh.filter(({ read }) => !read);
    if (news.length === 0 || this.hasAttribute('silent')) return;
    this.#parts.says.textContent = this.#words.arrived(news.map(({ title }) => title));
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => { this.#parts.says.textContent = ''; }, 5_000);
  }

  // --- what is done ---

  #deeds = {
    follow: (event, item) => this.#follow(event, item),
    toggle: (seq) => this.#toggleRead(seq),
    archive: (seq) => this.#archive(seq),
  };

  #itemOf(seq) {
    return this.#client.items().find((item) => item.seq === seq);
  }

  #toggleRead(seq) {
    if (this.#itemOf(seq)?.read) this.#client.markUnread(seq);
    else this.#client.markRead(seq);
  }

  #archive(seq) {
    const row = this.#rows.get(seq);
    if (row) this.#step(row, 1) || this.#step(row, -1) || this.#parts.panel.focus();
    this.#client.archive(seq);
  }

  /** The item is followed: it is read, unless whoever made the page handles it. */
  #follow(event, item) {
    this.#client.markRead(item.seq);
    const told = this.dispatchEvent(new CustomEvent('herald-follow', { detail: { item }, bubbles: true, composed: true, cancelable: true }));
    if (!told) event.preventDefault();
  }

  // --- opening and closing ---

  #toggle() {
    if (this.open) this.#shut(true);
    else this.#openUp();
  }

  #openUp() {
    this.open = true;
    const first = this.#parts.list.querySelector('.unread') ?? this.#parts.list.firstElementChild;
    if (this.hasAttribute('inline')) return;
    if (first) this.#go(first);
    else this.#parts.panel.focus();
  }

  #shut(giveBack) {
    this.open = false;
    if (giveBack) this.#parts.bell.focus();
  }

  #show() {
    const { panel, bell } = this.#parts;
    const { open } = this;
    const inline = this.hasAttribute('inline');
    bell.setAttribute('aria-expanded', String(open));
    panel.setAttribute('role', inline ? 'region' : 'dialog');
    if (inline) bell.removeAttribute('aria-haspopup');
    else bell.setAttribute('aria-haspopup', 'dialog');
    panel.hidden = !open;
    // In the top layer nothing can cut it off.
    if (open && !inline) panel.setAttribute('popover', 'manual');
    else panel.removeAttribute('popover');
    if (open && !inline) panel.showPopover?.();
    this.#watch(open && !inline);
    this.#render();
    if (open && !inline) this.#place();
    if (open) this.#seen();
  }

  /** What was opened was seen. A list that is always there says nothing of who looks at it. */
  #seen() {
    if (this.hasAttribute('inline') || document.visibilityState === 'hidden') return;
    const seqs = this.#client?.items().filter(({ seen }) => !seen).map(({ seq }) => seq) ?? [];
    if (seqs.length > 0) this.#client.markSeen({ upTo: Math.max(...seqs) });
  }

  /** Below the bell, its end at the bell's end, and on the screen. */
  #place = () => {
    const { panel, bell } = this.#parts;
    if (matchMedia(NARROW).matches) {
      panel.style.inset = '';
      return;
    }
    const at = bell.getBoundingClientRect();
    const { width } = panel.getBoundingClientRect();
    const start = getComputedStyle(this).direction === 'rtl' ? at.left : at.right - width;
    const left = Math.max(GAP, Math.min(start, document.documentElement.clientWidth - width - GAP));
    const { height } = panel.getBoundingClientRect();
    const below = at.bottom + GAP;
    const top = below + height > innerHeight && at.top - GAP - height > 0 ? at.top - GAP - height : below;
    panel.style.inset = `${top}px auto auto ${left}px`;
  };

  #watch(on) {
    const change = on ? 'addEventListener' : 'removeEventListener';
    window[change]('resize', this.#place);
    window[change]('scroll', this.#place, true);
    document[change]('pointerdown', this.#outside, true);
    document[change]('keydown', this.#escape);
  }

  #escape = ({ key }) => {
    if (key === 'Escape') this.#shut(true);
  };

  #outside = (event) => {
    if (!event.composedPath().includes(this)) this.#shut(false);
  };

  #left({ relatedTarget }) {
    const gone = relatedTarget !== null && !this.shadowRoot.contains(relatedTarget);
    if (gone && this.open && !this.hasAttribute('inline')) this.#shut(false);
  }

  // --- keys ---

  #bellKey(event) {
    if (event.key === 'ArrowDown' && !this.hasAttribute('inline')) {
      event.preventDefault();
      if (!this.open) this.#openUp();
    }
  }

  #panelKey(event) {
    if (event.key === 'Escape' && !this.hasAttribute('inline')) {
      event.preventDefault();
      event.stopPropagation();
      this.#shut(true);
      return;
    }
    const row = event.target.closest?.('article');
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const seq = Number(row.dataset.seq);
    const { list } = this.#parts;
    const onRow = event.target === row;
    const done = {
      ArrowDown: () => this.#step(row, 1),
      ArrowUp: () => this.#step(row, -1),
      Home: () => this.#go(list.firstElementChild),
      End: () => this.#go(list.lastElementChild),
      Enter: onRow && (() => this.#enter(row, seq)),
      ' ': onRow && (() => this.#toggleRead(seq)),
      Delete: onRow && (() => this.#archive(seq)),
    }[event.key];
    if (!done) return;
    event.preventDefault();
    done();
  }

  #enter(row, seq) {
    const link = row.querySelector('h3 a');
    if (link) link.click();
    else this.#client.markRead(seq);
  }

  /** Goes to the item before or after; returns whether there is one. */
  #step(row, by) {
    const to = by > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (to) this.#go(to);
    return Boolean(to);
  }

  #go(row) {
    this.#current = Number(row.dataset.seq);
    this.#rove();
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
  }

  #focused({ target }) {
    const row = target.closest?.('article');
    if (!row) return;
    this.#current = Number(row.dataset.seq);
    this.#rove();
  }

  /** One item is in the order of Tab, and its buttons; the others by arrows. */
  #rove() {
    for (const [seq, row] of this.#rows) {
      const index = seq === this.#current ? '0' : '-1';
      row.setAttribute('tabindex', index);
      row.querySelectorAll('.acts button').forEach((button) => button.setAttribute('tabindex', index));
    }
  }
}

if (!customElements.get('herald-bell')) customElements.define('herald-bell', HeraldBell);
