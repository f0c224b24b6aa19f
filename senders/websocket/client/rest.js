// Asks the inbox API, with a token that it gets anew when one is refused.

import { retryAfterMs } from './backoff.js';

/** A refusal (RFC 9457), or silence: then `status` is 0. */
export class Problem extends Error {
  constructor({ status = 0, title = 'The server does not answer', detail = '', field = '' }, waitMs = 0) {
    super(detail || title);
    this.name = 'Problem';
    this.status = status;
    this.field = field;
    this.waitMs = waitMs;
  }
}

export class Rest {
  #base;
  #source;
  #fetch;
  #token = null;

  /** @param token returns a promise of a token, or of null where nobody is signed in */
  constructor({ base, token, fetch }) {
    this.#base = base;
    this.#source = token;
    this.#fetch = fetch;
  }

  /** A new token, as the last one is used up or refused; or null. */
  async fresh() {
    this.#token = await this.#source();
    return this.#token;
  }

  async get(path) {
    return (await this.#ask('GET', path)).json;
  }

  async post(path, body) {
    return (await this.#ask('POST', path, body)).json;
  }

  async patch(path, body) {
    return (await this.#ask('PATCH', path, body)).json;
  }

  /** Reads what is there after a write; `behind` says that the write is not in it yet. */
  async after(path, receipt) {
    const { json, headers } = await this.#ask('GET', receipt ? `${path}?after=${encodeURIComponent(receipt)}` : path);
    return { json, behind: headers.get('Herald-Behind') === 'true' };
  }

  /** Opens an event stream with the token at hand. */
  stream(path, position, signal) {
    return this.#send('GET', path, undefined, { Accept: 'text/event-stream', 'Last-Event-ID': position }, signal);
  }

  async #ask(method, path, body) {
    if (this.#token === null) await this.fresh();
    let answer = await this.#answer(method, path, body);
    if (answer.status === 401 && await this.fresh()) answer = await this.#answer(method, path, body);
    const text = await answer.text().catch(() => '');
    const json = parse(text);
    if (answer.ok) return { json, headers: answer.headers };
    throw new Problem({ ...json, status: answer.status, title: json.title ?? 'It was refused' }, retryAfterMs(answer.headers));
  }

  async #answer(method, path, body) {
    try {
      return await this.#send(method, path, body, { Accept: 'application/json' });
    } catch {
      throw new Problem({});
    }
  }

  #send(method, path, body, headers, signal) {
    return (0, this.#fetch)(new URL(path, this.#base).href, {
      method,
      cache: 'no-store',
      // The token alone says who asks.
      credentials: 'omit',
      headers: {
        ...headers,
        Authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  }
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Returns what a token says, unchecked: only good for choosing a name or a moment. */
export function claimsOf(token) {
  try {
    const text = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))) ?? {};
  } catch {
    return {};
  }
}
