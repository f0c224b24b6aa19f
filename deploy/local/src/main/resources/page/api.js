// Talks to the page's server.

export class Refused extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Refused('', 'Herald does not answer. Is scripts/up still running?');
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.field ?? '', body.message ?? 'It was refused.');
  return body;
}

export const get = (path) => ask(path);

export const post = (path, body) => ask(path, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * Follows what happens. `handlers` are by the kind of happening; `opened` is called at each connection, when what was
 * missed should be read; `state` is told 'live' or 'lost'.
 */
export function follow(handlers, opened, state) {
  const stream = new EventSource('/api/stream');
  stream.addEventListener('hello', () => {
    state('live');
    opened();
  });
  stream.addEventListener('error', () => {
    state('lost');
    // A refusal ends an EventSource for good.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(() => follow(handlers, opened, state), 1000 + Math.random() * 2000);
    }
  });
  for (const [kind, handler] of Object.entries(handlers)) {
    stream.addEventListener(kind, (message) => handler(JSON.parse(message.data)));
  }
}
