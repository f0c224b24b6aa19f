// Timers by name: setting one again moves it, and all end together.

/** Longer than this a browser's timer cannot wait. */
const LONGEST_MS = 2 ** 31 - 1;

export class Timers {
  #timers = new Map();

  set(name, ms, work) {
    this.clear(name);
    this.#timers.set(name, setTimeout(() => {
      this.#timers.delete(name);
      work();
    }, Math.min(ms, LONGEST_MS)));
  }

  has(name) {
    return this.#timers.has(name);
  }

  clear(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  clearAll() {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#timers.clear();
  }
}
