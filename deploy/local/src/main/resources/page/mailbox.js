// The chosen user's e-mails.

import { announce, el, exactTimeOf, find, own, timeOf } from './dom.js';

export class Mailbox {
  #mails = new Map();
  #member = null;
  #open = null;

  show(member) {
    this.#member = member;
    this.#open = null;
    this.#render();
  }

  known(mails) {
    mails.forEach((mail) => this.#keep(mail));
    this.#render();
  }

  arrived(mail) {
    if (!this.#keep(mail) || !this.#isMine(mail)) return;
    // Whoever reads another mail keeps reading it.
    if (!find('mailbox').contains(document.activeElement)) this.#open = key(mail);
    this.#render();
    announce(`E-mail: ${mail.subject}`);
  }

  #keep(mail) {
    if (this.#mails.has(key(mail))) return false;
    this.#mails.set(key(mail), mail);
    return true;
  }

  #isMine({ to }) {
    return to === this.#member?.email;
  }

  #render() {
    if (!this.#member) return;
    const mine = [...this.#mails.values()].filter((mail) => this.#isMine(mail)).sort((a, b) => b.at - a.at);
    if (mine.length === 0) {
      find('mailbox').replaceChildren(el('p', { class: 'empty' }, own(this.#member.name), this.#whyEmpty()));
      return;
    }
    const open = mine.find((mail) => key(mail) === this.#open) ?? mine[0];
    const focused = document.activeElement?.dataset?.mail;
    find('mailbox').replaceChildren(
      el('ul', { class: 'mails', 'aria-label': 'E-mails' }, mine.map((mail) => this.#row(mail, mail === open))),
      letter(open));
    if (focused) find('mailbox').querySelector(`[data-mail="${CSS.escape(focused)}"]`)?.focus();
  }

  #whyEmpty() {
    if (!this.#member.email) return ' has no e-mail address.';
    if (this.#member.optOut === 'EMAIL') return ' has turned e-mail off. Nothing should ever arrive here.';
    return ' has no e-mail yet. Comments and shipped orders send one.';
  }

  #row(mail, open) {
    return el('li', {},
      el('button', {
        type: 'button',
        'data-mail': key(mail),
        'aria-current': open ? 'true' : null,
        on: { click: () => { this.#open = key(mail); this.#render(); } },
      },
      el('span', { class: 'subject', dir: 'auto' }, mail.subject),
      el('time', { datetime: new Date(mail.at).toISOString() }, timeOf(mail.at))));
  }
}

const key = ({ at, deliveryId, to }) => `${at} ${deliveryId} ${to}`;

function letter(mail) {
  return el('article', { class: 'letter', 'aria-label': 'E-mail' },
    el('h3', { dir: 'auto' }, mail.subject),
    el('dl', {},
      el('dt', {}, 'To'), el('dd', {}, own(mail.toName ?? ''), mail.toName ? ' ' : '', el('span', { class: 'address' }, mail.to)),
      el('dt', {}, 'At'), el('dd', {}, el('time', { datetime: new Date(mail.at).toISOString() }, exactTimeOf(mail.at)))),
    mail.html ? frame(mail.html) : el('p', { class: 'plain', dir: 'auto' }, mail.text ?? ''));
}

/** A mail's own markup, where it can do nothing: no scripts, no forms, no navigation, no foreign images. */
function frame(html) {
  const sheet = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/mail.css"><body dir="auto">';
  return el('iframe', {
    class: 'html',
    // It is as high as its content, so there is nothing to scroll; a stop here would only hold up the keyboard.
    tabindex: '-1',
    title: 'The e-mail as its sender wrote it',
    // Scripts stay off, and so the same origin gives it nothing but its style sheet, and us its height.
    sandbox: 'allow-same-origin',
    referrerpolicy: 'no-referrer',
    srcdoc: sheet + html,
    on: {
      load: ({ target }) => {
        const height = Math.ceil(target.contentDocument?.body?.getBoundingClientRect().height ?? 160) + 8;
        target.style.height = `${Math.min(Math.max(height, 80), 4000)}px`;
      },
    },
  });
}
