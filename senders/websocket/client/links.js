// The two ways to the gateway: a WebSocket, and server-sent events where a proxy lets no WebSocket through.
//
// A link calls `frame(object)` for each frame and `end({opened, code, waitMs})` once, whoever ended it; `opened` says
// whether the handshake went through, `code` is a close code of the gateway or 0, `waitMs` what the server asked for.

import { retryAfterMs } from './backoff.js';

const PROTOCOL = 'herald.v1';
const DONE = 1000;

/** The close codes on which a client must do something special; senders/websocket/README.md has all. */
export const Close = Object.freeze({
  UNAUTHENTICATED: 4401,
  DISPLACED: 4409,
  TRY_LATER: 1013,
  /** To come back the same way would end the same way. */
  BUGS: [1002, 1003, 1007, 1009],
});

export class SocketLink {
  /** SSE has no way to renew a token; a socket has. */
  renews = true;
  #socket;
  #end;
  #opened = false;

  constructor({ base, token, WebSocket, frame, end }) {
    this.#end = end;
    const url = new URL('v1/socket', base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    // The token goes as a subprotocol, for addresses end up in logs.
    this.#socket = new WebSocket(url.href, [PROTOCOL, `bearer.${token}`]);
    this.#socket.addEventListener('open', () => { this.#opened = true; });
    this.#socket.addEventListener('message', ({ data }) => frame(parse(data)));
    this.#socket.addEventListener('close', ({ code }) => this.#over(code));
    // A close always follows.
    this.#socket.addEventListener('error', () => {});
  }

  send(command) {
    if (this.#socket.readyState === 1) this.#socket.send(JSON.stringify(command));
  }

  resume(position) {
    this.send({ type: 'resume', since: positionText(position) });
  }

  close() {
    // A dead peer answers no close, and the browser would wait for it.
    this.#socket.close(DONE);
    this.#over(0);
  }

  #over(code) {
    const end = this.#end;
    this.#end = null;
    end?.({ opened: this.#opened, code, waitMs: 0 });
  }
}

export class StreamLink {
  renews = false;
  #rest;
  #abort = new AbortController();
  #frame;
  #end;
  #opened = false;
  #connection = null;

  constructor({ rest, position, frame, end }) {
    this.#rest = rest;
    this.#frame = frame;
    this.#end = end;
    this.#run(position);
  }

  /** Commands go as requests; their answers come back as the frames that a socket would bring. */
  send({ type, id, ...command }) {
    if (type === 'ack') this.#rest.post('v1/acks', { connection: this.#connection, ...command }).catch(() => {});
    if (id === undefined) return;
    this.#rest.post('v1/inbox/acts', { act: type, ...command }).then(
      () => this.#frame({ type: 'ok', id }),
      (problem) => this.#frame({ type: 'error', id, code: problem.status === 400 || problem.status === 422 ? 'invalid' : 'unavailable' }),
    );
  }

  /** The position went with the request already. */
  resume() {}

  close() {
    this.#abort.abort();
    this.#over({ code: 0, waitMs: 0 });
  }

  async #run(position) {
    try {
      const answer = await this.#rest.stream('v1/events', positionText(position), this.#abort.signal);
      if (answer.status !== 200) {
        const code = answer.status === 401 ? Close.UNAUTHENTICATED : Close.TRY_LATER;
        this.#over({ code, waitMs: retryAfterMs(answer.headers) });
        return;
      }
      this.#opened = true;
      let code = 0;
      await readEvents(answer.body, ({ event, data }) => {
        const frame = parse(data);
        if (event === 'close') {
          ({ code = 0 } = frame);
        } else if (this.#end) {
          if (frame.type === 'welcome') this.#connection = frame.connection;
          this.#frame(frame);
        }
      }, () => { if (this.#end) this.#frame({ type: 'pong' }); });
      this.#over({ code, waitMs: 0 });
    } catch {
      this.#over({ code: 0, waitMs: 0 });
    }
  }

  #over(how) {
    const end = this.#end;
    this.#end = null;
    end?.({ opened: this.#opened, ...how });
  }
}

function parse(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame === 'object' && frame !== null ? frame : {};
  } catch {
    return {};
  }
}

function positionText({ seq, version, epoch }) {
  return [seq, version, ...(epoch === undefined ? [] : [epoch])].join('.');
}

/** Reads an event stream to its end (WHATWG HTML, 9.2.6); comments are its pings. */
async function readEvents(body, tell, ping) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = '';
  let data = [];
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) tell({ event: event || 'message', data: data.join('\n') });
        event = '';
        data = [];
      } else if (line.startsWith(':')) {
        ping();
      } else if (line.startsWith('event:')) {
        event = line.slice(6).trim();
      } else if (line.startsWith('data:')) {
        data.push(line.slice(5).replace(/^ /, ''));
      }
    }
  }
}
