// When to come back after a connection was lost.

/**
 * Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): the n-th wait is drawn between
 * nothing and `firstMs` · 2ⁿ, at most `longestMs`. Only a connection that lived for `healthyMs` makes it begin anew, or a
 * server that drops everybody right after the handshake would be stormed.
 */
export class Backoff {
  #firstMs;
  #longestMs;
  #random;
  #failures = 0;

  constructor({ firstMs, longestMs, random }) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#random = random;
  }

  /** How long to wait now, in milliseconds. */
  next() {
    const longest = Math.min(this.#longestMs, this.#firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return this.#random() * longest;
  }

  /** A wait for what will not get better soon. */
  longest() {
    return this.#longestMs * (0.5 + this.#random() / 2);
  }

  reset() {
    this.#failures = 0;
  }
}

/**
 * Milliseconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), or 0 without one; at most an
 * hour, whatever it says.
 */
export function retryAfterMs(headers, now = Date.now()) {
  const text = headers.get('Retry-After')?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : 0;
}
