// Puts the page together.

import { follow, get } from './api.js';
import { Progress } from './broadcast.js';
import { Channel, Texts } from './chats.js';
import { composer } from './composer.js';
import { el, find } from './dom.js';
import { Pane } from './inbox.js';
import { Ledger } from './ledger.js';
import { Mailbox } from './mailbox.js';
import { Phones } from './phones.js';
import { Providers } from './providers.js';
import { settings } from './settings.js';

const LIVE = { connecting: 'Connecting…', live: 'Live', lost: 'Herald does not answer; trying again…' };
const BROWSERS = [['web-1', 'Browser one'], ['web-2', 'Browser two']];

function live(state) {
  find('live').dataset.state = state;
  find('live-text').replaceChildren(LIVE[state]);
}

async function start() {
  const cast = await get('/api/cast');
  const phones = new Phones();
  const mailbox = new Mailbox();
  const texts = new Texts();
  const channel = new Channel();
  const providers = new Providers();
  const ledger = new Ledger(cast);
  const progress = new Progress();
  const showSettings = settings(cast);
  let panes = [];

  function show(member) {
    phones.show(member);
    mailbox.show(member);
    texts.show(member);
    panes.forEach((pane) => pane.close());
    panes = BROWSERS.map(([device, label], index) => new Pane(cast, member, device, label, index === 0));
    showSettings(member);
    find('panes').replaceChildren(...panes.map((pane) => pane.element));
  }

  const { quiet } = composer(cast, show, (receipt) => {
    ledger.sent(receipt);
    if (!receipt.event.recipients) progress.sent(receipt.eventId);
  });

  async function catchUp() {
    const [pushes, mails, messages, posts, now] = await Promise.all(
      ['pushes', 'mails', 'messages', 'posts', 'cast'].map((what) => get(`/api/${what}`)));
    now.users.forEach(quiet);
    pushes.forEach((push) => ledger.arrived('push', push));
    mails.forEach((mail) => ledger.arrived('mail', mail));
    messages.forEach((message) => ledger.arrived('sms', message));
    posts.forEach((each) => ledger.arrived('post', each));
    phones.known(pushes);
    mailbox.known(mails);
    texts.known(messages);
    channel.known(posts);
    await ledger.load();
    await progress.look();
    await providers.look();
  }

  follow({
    push: (push) => { phones.arrived(push); ledger.arrived('push', push); },
    mail: (mail) => { mailbox.arrived(mail); ledger.arrived('mail', mail); },
    sms: (message) => { texts.arrived(message); ledger.arrived('sms', message); },
    post: (each) => { channel.arrived(each); ledger.arrived('post', each); },
    ledger: (entry) => ledger.wrote(entry),
    quiet,
    'dead-letter': (entry) => ledger.wrote(entry),
  }, () => catchUp().catch(() => live('lost')), live);
}

function retry(failure) {
  live('lost');
  find('problem').replaceChildren(el('span', {}, failure.message));
  setTimeout(() => start().then(() => find('problem').replaceChildren(), retry), 2000);
}

start().catch(retry);
