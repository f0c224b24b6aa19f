// Text messages of the chosen user, and the channel of a chat.

import { post } from './api.js';
import { announce, el, exactTimeOf, find, own, timeOf } from './dom.js';

const SHOWN = 30;

/** What has arrived at one place, newest last, each once. */
class Thread {
  #all = new Map();

  constructor(place, label, bubble) {
    this.place = place;
    this.label = label;
    this.bubble = bubble;
  }

  keep(arrival) {
    const key = `${arrival.at} ${arrival.deliveryId}`;
    if (this.#all.has(key)) return false;
    this.#all.set(key, arrival);
    return true;
  }

  render(chosen, empty, fresh = null) {
    const mine = [...this.#all.values()].filter(chosen).sort((a, b) => a.at - b.at).slice(-SHOWN);
    if (mine.length === 0) {
      find(this.place).replaceChildren(el('p', { class: 'empty' }, ...empty));
      return;
    }
    const list = el('ol', { class: 'thread', tabindex: '0', 'aria-label': this.label },
      mine.map((arrival) => this.bubble(arrival, arrival === fresh)));
    find(this.place).replaceChildren(list);
    list.scrollTop = list.scrollHeight;
  }
}

const when = (at) => el('time', { datetime: new Date(at).toISOString(), title: exactTimeOf(at) }, timeOf(at));

export class Texts {
  #thread = new Thread('texts', 'Text messages', ({ at, text }, fresh) => el('li', { class: fresh ? 'bubble fresh' : 'bubble' },
    el('p', { dir: 'auto' }, text), when(at)));
  #member = null;

  constructor() {
    for (const button of find('replies').querySelectorAll('button')) {
      button.addEventListener('click', () => this.#reply(button.value));
    }
  }

  show(member) {
    this.#member = member;
    find('replies').hidden = !member.phone;
    find('replied').replaceChildren();
    this.#render();
  }

  known(messages) {
    messages.forEach((message) => this.#thread.keep(message));
    this.#render();
  }

  arrived(message) {
    if (!this.#thread.keep(message) || message.to !== this.#member?.phone) return;
    this.#render(message);
    announce(`Text message: ${message.text}`);
  }

  #render(fresh) {
    if (!this.#member) return;
    const { name, phone } = this.#member;
    this.#thread.render(({ to }) => to === phone,
      [own(name), phone ? ' has no text message yet. Codes are sent as one.' : ' has given no number.'], fresh);
  }

  async #reply(text) {
    try {
      await post('/api/replies', { number: this.#member.phone, text });
      find('replied').replaceChildren(text === 'STOP' ? 'STOP was heard: no more SMS to this number.' : 'START was heard: SMS again.');
    } catch (refused) {
      find('replied').replaceChildren(refused.message);
    }
  }
}

export class Channel {
  #thread = new Thread('channel', 'Posts in the channel', ({ at, title, body, link }, fresh) => el('li', { class: fresh ? 'post fresh' : 'post' },
    el('p', { class: 'by' }, el('span', { class: 'appicon', 'aria-hidden': 'true' }, 'A'), el('strong', {}, 'Acme'), when(at)),
    el('p', { class: 'title', dir: 'auto' }, title ?? ''),
    el('p', { dir: 'auto' }, body ?? ''),
    link && el('p', { class: 'link' }, link)));

  known(posts) {
    posts.forEach((each) => this.#thread.keep(each));
    this.#render();
  }

  arrived(each) {
    if (!this.#thread.keep(each)) return;
    this.#render(each);
    announce(`In the channel: ${each.title}`);
  }

  #render(fresh) {
    this.#thread.render(() => true, ['Nothing yet. Send a release to Acme’s #releases.'], fresh);
  }
}
