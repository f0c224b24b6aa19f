// A gateway as senders/websocket is one, as far as a client can see: socket, event stream and inbox, over one real port.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

export class FakeGateway {
  items = [];
  marks = new Map();
  epoch = 'e1';
  version = 0;
  /** What clients sent, as [type, command]. */
  heard = [];
  tokens = [];
  reads = 0;
  /** Set to refuse: (request) => status, or 0. */
  refuse = () => 0;
  /** Whether resumes are answered with `resync`. */
  forgets = false;
  /** Whether commands are left without an answer. */
  mute = false;
  validForMs = 3_600_000;
  #links = new Set();
  #http = createServer((request, response) => this.#request(request, response));
  #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'herald.v1' });

  static async start() {
    const gateway = new FakeGateway();
    gateway.#http.on('upgrade', (request, socket, head) => gateway.#upgrade(request, socket, head));
    gateway.#http.listen(0, '127.0.0.1');
    await once(gateway.#http, 'listening');
    return gateway;
  }

  get url() {
    return `http://127.0.0.1:${this.#http.address().port}/`;
  }

  get connected() {
    return this.#links.size;
  }

  get unread() {
    return this.items.slice(-100).filter(({ seq }) => !this.#mark(seq).read && !this.#mark(seq).archived).length;
  }

  get lastSeq() {
    return this.items.at(-1)?.seq ?? 0;
  }

  /** Something happens: a new item, pushed to whoever is there. */
  notify(title, body = '') {
    this.version += 1;
    const item = { seq: this.lastSeq + 1, notificationId: `n${this.lastSeq + 1}`, category: 'like', title, body, createdAt: Date.now() };
    this.items.push(item);
    this.#push(this.#itemFrame(item));
    return item.seq;
  }

  act({ type, seqs = [], upTo = 0 }) {
    const flags = { read: { read: true, seen: true }, seen: { seen: true }, unread: { read: false }, archive: { archived: true }, dismiss: { dismissed: true } }[type];
    const named = this.items.map(({ seq }) => seq).filter((seq) => seqs.includes(seq) || seq <= upTo);
    this.version += 1;
    for (const seq of named) this.marks.set(seq, { ...this.#mark(seq), ...flags, version: this.version });
    for (const seq of named) this.#push({ type: 'mark', ...this.#summary(), seqs: [seq], mark: this.#mark(seq) });
  }

  /** Says something to everybody. */
  #push(frame) {
    for (const link of this.#links) if (link.welcomed) link.send(frame);
  }

  tell(frame) {
    this.#push(frame);
  }

  /** Ends all connections: with a code, or as a cut cable does. */
  drop(code) {
    for (const link of this.#links) link.end(code);
  }

  async close() {
    this.drop();
    this.#sockets.close();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #mark(seq) {
    return this.marks.get(seq) ?? { version: 0, seen: false, read: false, archived: false, dismissed: false };
  }

  #summary() {
    return { unread: this.unread, lastSeq: this.lastSeq, at: this.version };
  }

  #itemFrame(item) {
    const { seq, ...content } = item;
    return { type: 'item', seq, seqs: [seq], ...this.#summary(), item: content };
  }

  #request(request, response) {
    const status = this.refuse(request);
    if (status) {
      response.writeHead(status, { 'Retry-After': '1' }).end();
      return;
    }
    this.tokens.push(request.headers.authorization);
    if (request.url === '/v1/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const link = this.#join({
        send: (frame) => response.write(`:\n\ndata: ${JSON.stringify(frame)}\n\n`),
        end: () => response.destroy(),
      });
      response.on('close', () => this.#links.delete(link));
      this.#welcome(link);
      this.#resume(link, request.headers['last-event-id']);
    } else if (request.method === 'GET' && request.url.startsWith('/v1/inbox')) {
      this.reads += 1;
      const items = this.items.slice(-100).reverse().map((item) => ({ ...item, ...this.#mark(item.seq) })).filter(({ archived }) => !archived);
      const body = { items, unread: this.unread, lastSeq: this.lastSeq, version: this.version, changedAt: this.version, epoch: this.epoch };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    } else if (request.method === 'POST') {
      let body = '';
      request.on('data', (part) => { body += part; }).on('end', () => {
        const { act, ...command } = JSON.parse(body);
        if (request.url !== (act ? '/v1/inbox/acts' : '/v1/acks')) throw new Error(`asked for ${request.url}`);
        if (act && !command.seqs === !command.upTo) throw new Error('items, or the last of them');
        const type = act ?? 'ack';
        if (!act && command.connection !== 'c') throw new Error('an acknowledgement of which connection?');
        this.heard.push([type, command]);
        if (type !== 'ack') this.act({ type, ...command });
        response.writeHead(202, { 'Content-Type': 'application/json' }).end('{}');
      });
    } else {
      response.writeHead(404).end();
    }
  }

  #upgrade(request, socket, head) {
    const status = this.refuse(request);
    if (status) {
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\n\r\n`);
      return;
    }
    const [protocol, bearer] = request.headers['sec-websocket-protocol'].split(',').map((text) => text.trim());
    this.tokens.push(bearer);
    if (protocol !== 'herald.v1' || !bearer.startsWith('bearer.')) throw new Error('no token');
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      const link = this.#join({
        send: (frame) => client.send(JSON.stringify(frame)),
        end: (code) => (code ? client.close(code) : client.terminate()),
      });
      client.on('close', () => this.#links.delete(link));
      client.on('error', () => {});
      client.on('message', (text) => this.#command(link, JSON.parse(text)));
      this.#welcome(link);
    });
  }

  #join(link) {
    this.#links.add(link);
    return link;
  }

  #welcome(link) {
    link.send({ type: 'welcome', user: 'ana', device: 'web', connection: 'c', heartbeatMs: 25_000, validUntil: Date.now() + this.validForMs });
    link.welcomed = true;
  }

  #command(link, { type, id, ...command }) {
    this.heard.push([type, { id, ...command }]);
    if (this.mute) return;
    if (type === 'ping') link.send({ type: 'pong' });
    else if (type === 'auth') link.send({ type: 'renewed', validUntil: Date.now() + 3_600_000 });
    else if (type === 'resume') this.#resume(link, command.since);
    else if (type !== 'ack') {
      this.act({ type, ...command });
      link.send({ type: 'ok', id });
    }
  }

  #resume(link, since) {
    const [seq, version, epoch] = since.split('.').map((part, index) => (index < 2 ? Number(part) : part));
    if (this.forgets || (epoch !== undefined && epoch !== this.epoch)) {
      link.send({ type: 'resync' });
      return;
    }
    for (const item of this.items.slice(-100).filter((each) => each.seq > seq)) link.send(this.#itemFrame(item));
    for (const [each, mark] of this.marks) {
      if (mark.version > version || each > seq) link.send({ type: 'mark', ...this.#summary(), seqs: [each], mark });
    }
    link.send({ type: 'caught_up', seq: this.lastSeq, version: this.version, unread: this.unread, epoch: this.epoch });
  }
}
