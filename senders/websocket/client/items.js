// What is known of an inbox: items, their marks, the summary, and up to which `seq` nothing is missing.

/** The newest items that are kept; the server keeps no more either. */
export const KEPT = 100;

const NO_MARK = Object.freeze({ version: -1, seen: false, read: false, archived: false, dismissed: false });

export class Items {
  #items = new Map();
  #marks = new Map();
  #unread = 0;
  #unreadAt = -1;
  #complete = 0;
  #heard = 0;
  #version = 0;
  #steady = false;
  #epoch = null;

  /** Nothing is missing up to this `seq`: what a resume names, and what may be acknowledged. */
  get complete() {
    return this.#complete;
  }

  /** Every mark up to this version of the inbox is known. */
  get version() {
    return this.#version;
  }

  /** The history that the `seq`s belong to, as the server calls it, or null. */
  get epoch() {
    return this.#epoch;
  }

  /** Unread items as the server counts them. */
  get unread() {
    return this.#unread;
  }

  /** Whether the server has spoken of an item that has not come. */
  get gap() {
    return this.#heard > this.#complete;
  }

  /** All items, newest first, each with its mark. */
  all() {
    return [...this.#items.values()]
      .sort((a, b) => b.seq - a.seq)
      .map((item) => ({ ...item, ...this.markOf(item.seq) }));
  }

  markOf(seq) {
    const { seen, read, archived, dismissed } = this.#marks.get(seq) ?? NO_MARK;
    // Who has read it or put it away has seen it.
    return { seen: seen || read || archived || dismissed, read, archived, dismissed };
  }

  has(seq) {
    return this.#items.has(seq);
  }

  /** A connection begins or ends: until it has caught up, what comes may leave something out. */
  unsteady() {
    this.#steady = false;
    this.#heard = 0;
  }

  /** Takes a frame of type item, mark or user. Returns the item if it was not known before, else null. */
  told(frame) {
    let fresh = null;
    if (frame.type === 'item') fresh = this.#put({ ...frame.item, seq: frame.seq });
    if (frame.type === 'mark') frame.seqs.forEach((seq) => this.#mark(seq, frame.mark));
    if (frame.type === 'item' && frame.mark) this.#mark(frame.seq, frame.mark);
    this.#count(frame.unread, frame.at);
    this.spokenOf(frame.lastSeq);
    if (this.#steady) this.#version = Math.max(this.#version, frame.version ?? frame.mark?.version ?? 0);
    this.#advance();
    return fresh;
  }

  /** The server has items up to this `seq`, or did not say so. */
  spokenOf(seq) {
    if (Number.isSafeInteger(seq)) this.#heard = Math.max(this.#heard, seq);
  }

  /** The server has sent all that there was up to `seq`. */
  caughtUp({ seq, version, epoch, unread, at }) {
    this.#steady = true;
    this.#version = Math.max(this.#version, version ?? 0);
    this.#count(unread, at ?? this.#unreadAt);
    if (Number.isSafeInteger(seq)) this.#complete = Math.max(this.#complete, seq);
    this.#epoch = named(epoch) ?? this.#epoch;
    this.#advance();
  }

  /**
   * Takes the inbox as the API has it. What it no longer has is forgotten, but for what is newer than it.
   *
   * @returns the items that were not known before
   */
  read({ items, unread, lastSeq, version, changedAt, epoch }) {
    if (named(epoch) !== null && this.#epoch !== null && named(epoch) !== this.#epoch) this.#clear();
    const there = new Set(items.map(({ seq }) => seq));
    for (const seq of this.#items.keys()) {
      if (seq <= lastSeq && !there.has(seq)) this.#items.delete(seq);
    }
    const fresh = [];
    for (const { version: marked, seen, read, archived, dismissed, ...item } of items) {
      const added = this.#put(item);
      if (added) fresh.push(added);
      this.#mark(item.seq, { version: marked ?? 0, seen, read, archived, dismissed });
    }
    this.#count(unread, changedAt);
    this.caughtUp({ seq: lastSeq, version, epoch });
    return fresh;
  }

  #clear() {
    this.#items.clear();
    this.#marks.clear();
    this.#unread = 0;
    this.#unreadAt = -1;
    this.#complete = 0;
    this.#heard = 0;
    this.#version = 0;
    this.#epoch = null;
  }

  #put(item) {
    if (!Number.isSafeInteger(item.seq) || item.seq < 1 || this.#items.has(item.seq)) return null;
    this.#items.set(item.seq, Object.freeze(item));
    if (this.#items.size > KEPT) {
      const oldest = Math.min(...this.#items.keys());
      this.#items.delete(oldest);
      this.#marks.delete(oldest);
      if (oldest === item.seq) return null;
    }
    return item;
  }

  /** The newest version of a mark wins, whichever way it comes. */
  #mark(seq, mark) {
    const known = this.#marks.get(seq);
    if (known && mark.version < known.version) return;
    this.#marks.set(seq, mark);
    if (this.#marks.size > KEPT * 4) {
      for (const each of this.#marks.keys()) {
        if (!this.#items.has(each)) this.#marks.delete(each);
      }
    }
  }

  #count(unread, at) {
    if (Number.isSafeInteger(unread) && (at ?? 0) >= this.#unreadAt) {
      this.#unread = unread;
      this.#unreadAt = at ?? 0;
    }
  }

  #advance() {
    while (this.#items.has(this.#complete + 1)) this.#complete += 1;
  }
}

/** The API has numbers where frames have texts. */
function named(epoch) {
  return epoch === undefined || epoch === null ? null : String(epoch);
}
