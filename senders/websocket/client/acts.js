// What the user did, until the server has it: a queue that survives a reload, in the order in which it was done.

/** As many `seq`s as one command may name. */
const MOST_SEQS = 100;
/** Older than any item can be. */
const OLDEST_MS = 30 * 24 * 3_600_000;
/** How long an act that Kafka has is shown as done, should its mark not come. */
const SETTLING_MS = 10_000;

/** What an act does to an item's mark. */
const EFFECTS = {
  seen: { seen: true },
  read: { read: true, seen: true },
  unread: { read: false },
  archive: { archived: true, seen: true },
  dismiss: { dismissed: true, seen: true },
};

export const ACTS = Object.keys(EFFECTS);

/** An act is {id, type, seqs, upTo, at}; `id` stays the same however often it is sent. */
export class Acts {
  #storage;
  #prefix = null;
  #queue = [];
  #sent = new Set();
  #flying = new Set();
  #settling = [];
  #count = 0;
  #run = Math.random().toString(36).slice(2, 10);

  /** @param storage as localStorage is, or null to keep everything in memory */
  constructor(storage) {
    this.#storage = storage;
  }

  /** Takes up what this user did before the page was left. Each act has an entry of its own, as several windows may write. */
  adopt(prefix) {
    if (this.#prefix === prefix) return;
    const moved = this.#prefix === null ? this.#queue : [];
    this.#prefix = prefix;
    const before = this.#stored();
    before.forEach(({ id }) => this.#sent.add(id));
    this.#queue = [...before, ...moved].sort((a, b) => a.at - b.at);
    moved.forEach((act) => this.#store(act));
  }

  get waiting() {
    return this.#queue.length;
  }

  /** Adds an act; of several that nobody has been sent yet it makes one. */
  add(type, { seqs = [], upTo = null }) {
    const last = this.#queue.at(-1);
    if (last && last.type === type && !this.#sent.has(last.id)) {
      const most = Math.max(last.upTo ?? 0, upTo ?? 0) || null;
      const union = [...new Set([...last.seqs, ...seqs])].filter((seq) => most === null || seq > most);
      // A command names items, or the last of them, never both.
      if (union.length <= MOST_SEQS && (most === null || union.length === 0)) {
        Object.assign(last, { seqs: union, upTo: most });
        this.#store(last);
        return;
      }
    }
    for (let from = 0; from === 0 || from < seqs.length; from += MOST_SEQS) {
      this.#count += 1;
      const act = {
        id: `${this.#run}-${this.#count}`,
        type,
        seqs: seqs.slice(from, from + MOST_SEQS),
        upTo: from === 0 ? upTo : null,
        at: Date.now(),
      };
      this.#queue.push(act);
      this.#store(act);
    }
  }

  /** The first act that is not on its way, which it is from now on; or null. */
  take() {
    const act = this.#queue.find(({ id }) => !this.#flying.has(id)) ?? null;
    if (act) {
      this.#flying.add(act.id);
      this.#sent.add(act.id);
    }
    return act;
  }

  get flying() {
    return this.#flying.size;
  }

  /** The server has it. */
  done(id) {
    const act = this.#remove(id);
    if (act) this.#settling.push({ ...act, over: new Set(), until: Date.now() + SETTLING_MS });
  }

  /** The server will never take it. */
  refused(id) {
    this.#remove(id);
  }

  /** It has to be sent again. */
  again(id) {
    this.#flying.delete(id);
  }

  /** The connection is gone: nobody knows what of it arrived, and doing it twice does no harm. */
  lost() {
    this.#flying.clear();
  }

  /** Returns the mark with everything that was done to the item and is not in the mark yet. */
  applied(seq, mark) {
    const now = Date.now();
    this.#settling = this.#settling.filter(({ until }) => until > now);
    return [...this.#settling, ...this.#queue]
      .filter((act) => names(act, seq) && !act.over?.has(seq))
      .reduce((result, { type }) => ({ ...result, ...EFFECTS[type] }), mark);
  }

  /** The mark of this item has come: the newest act that it shows is over, with all before it. */
  settle(seq, mark) {
    const shown = this.#settling.findLastIndex((act) => names(act, seq)
      && Object.entries(EFFECTS[act.type]).every(([flag, value]) => mark[flag] === value));
    this.#settling.slice(0, shown + 1).forEach((act) => act.over.add(seq));
    this.#settling = this.#settling.filter(({ seqs, upTo, over }) => upTo !== null || !seqs.every((each) => over.has(each)));
  }

  #remove(id) {
    const act = this.#queue.find((each) => each.id === id);
    this.#queue = this.#queue.filter((each) => each !== act);
    this.#flying.delete(id);
    this.#sent.delete(id);
    if (act) this.#guarded(() => this.#storage.removeItem(this.#prefix + id));
    return act;
  }

  #store(act) {
    this.#guarded(() => this.#storage.setItem(this.#prefix + act.id, JSON.stringify(act)));
  }

  #stored() {
    const found = [];
    this.#guarded(() => {
      const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index))
        .filter((key) => key.startsWith(this.#prefix));
      for (const key of keys) {
        const act = parse(this.#storage.getItem(key));
        if (act) found.push(act);
        else this.#storage.removeItem(key);
      }
    });
    return found;
  }

  /** A storage may be full or forbidden; then acts live as long as the page. */
  #guarded(work) {
    if (this.#storage === null || this.#prefix === null) return;
    try {
      work();
    } catch {
      this.#storage = null;
    }
  }
}

function names({ seqs, upTo }, seq) {
  return seqs.includes(seq) || (upTo !== null && seq <= upTo);
}

/** Returns an act that was stored, or null if it is none, or too old to matter. */
function parse(text) {
  try {
    const { id, type, seqs, upTo, at } = JSON.parse(text);
    const good = typeof id === 'string' && type in EFFECTS && Array.isArray(seqs) && seqs.every(Number.isSafeInteger)
      && (upTo === null || Number.isSafeInteger(upTo)) && at > Date.now() - OLDEST_MS;
    return good ? { id, type, seqs, upTo, at } : null;
  } catch {
    return null;
  }
}
