// How far the newest broadcast is, over all partitions of the mailbox.

import { get } from './api.js';
import { announce, el, find, timeOf } from './dom.js';
import { categoryName } from './words.js';

const LOOK = 500;
/** A broadcast that has not come to its table by then is not looked for any more. */
const PATIENCE = 60_000;

export class Progress {
  #timer = null;
  #awaited = null;
  #until = 0;

  /** Follows the broadcast that the page has just sent. */
  sent(id) {
    this.#awaited = id;
    this.#until = Date.now() + PATIENCE;
    this.look();
  }

  /** Shows the newest broadcast, and goes on while it does. */
  async look() {
    clearTimeout(this.#timer);
    let newest = {};
    try {
      newest = await get('/api/broadcast');
    } catch {
      // PostgreSQL may not be there yet; there is another look.
    }
    const goesOn = newest.id && newest.ended < newest.partitions;
    if (newest.id) this.#show(newest, goesOn);
    if (newest.id === this.#awaited && !goesOn) {
      announce(words(newest));
      this.#awaited = null;
    }
    if ((this.#awaited || goesOn) && Date.now() < this.#until) this.#timer = setTimeout(() => this.look(), LOOK);
  }

  #show(newest, goesOn) {
    find('broadcast').hidden = false;
    find('broadcast').replaceChildren(
      el('progress', {
        max: newest.partitions, value: newest.ended, 'aria-label': 'Partitions of the mailbox that are done',
      }),
      el('p', {}, el('strong', {}, `Broadcast “${categoryName(newest.category)}”`), ': ', words(newest),
        goesOn ? '' : `, at ${timeOf(newest.changedAt)}`));
  }
}

function words({ looked, notified, failed, ended, partitions }) {
  const users = notified === 1 ? '1 user' : `${notified} users`;
  return [
    `${users} of ${looked} told`,
    failed ? `${failed} failed` : null,
    ended < partitions ? `${ended} of ${partitions} partitions done` : `done in all ${partitions} partitions`,
  ].filter(Boolean).join(', ');
}
