import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { InboxClient } from '../inbox-client.js';
import { FakeGateway } from './fake-gateway.js';
import { MemoryStorage, jwt, mulberry, until } from './rig.js';

let gateway;
let clients;

beforeEach(async () => {
  gateway = await FakeGateway.start();
  clients = [];
});

afterEach(async () => {
  clients.forEach((client) => client.close());
  await gateway.close();
});

function client(options = {}) {
  const made = new InboxClient({
    url: gateway.url,
    token: async () => jwt({ sub: 'ana', tenant: 'acme' }),
    storage: new MemoryStorage(),
    WebSocket,
    reconnect: { firstMs: 5, longestMs: 40, healthyMs: 60 },
    ...options,
  });
  clients.push(made);
  return made;
}

async function live(options) {
  const made = client(options);
  made.connect();
  await until(() => made.state === 'live', 'live');
  return made;
}

const titles = (inbox) => inbox.items().map(({ title }) => title);

test('shows what there is, then what comes, and acknowledges both', async () => {
  gateway.notify('before');
  const inbox = client();
  const news = [];
  inbox.on('change', ({ fresh }) => news.push(...fresh.map(({ title }) => title)));
  inbox.connect();
  await until(() => inbox.state === 'live', 'live');
  gateway.notify('after');
  await until(() => titles(inbox).length === 2, 'the new item');

  assert.deepEqual(titles(inbox), ['after', 'before']);
  assert.deepEqual(news, ['after']);
  assert.equal(inbox.unread, 2);
  await until(() => gateway.heard.some(([type, { upTo }]) => type === 'ack' && upTo === 2), 'the acknowledgement');
});

test('what is read counts at once, and in the other window a moment later', async () => {
  gateway.notify('one');
  gateway.notify('two');
  const [here, there] = [await live(), await live()];
  here.markRead(1);
  assert.equal(here.unread, 1);
  await until(() => there.unread === 1, 'the other window');
  there.markAllRead();
  await until(() => here.unread === 0, 'all read');
  here.markUnread([2]);
  await until(() => there.items()[0].read === false && there.unread === 1, 'unread again');
  there.archive(1);
  await until(() => here.items().length === 1, 'archived');
});

test('what was done offline is sent once the connection is back, with the ids of the first time', async () => {
  for (const title of ['a', 'b', 'c', 'd']) gateway.notify(title);
  const storage = new MemoryStorage();
  const before = await live({ storage });
  gateway.mute = true;
  before.markRead(4);
  await until(() => gateway.heard.some(([type]) => type === 'read'), 'the first attempt');
  gateway.refuse = () => 503;
  gateway.drop();
  await until(() => before.state === 'offline', 'offline');
  before.markRead(1);
  before.markRead([2, 1]);
  before.markRead({ upTo: 2 });
  assert.equal(before.unread, 1);
  before.close();

  gateway.refuse = () => 0;
  gateway.mute = false;
  const after = await live({ storage });
  await until(() => after.waiting === 0, 'the queue');
  const reads = gateway.heard.filter(([type]) => type === 'read').map(([, command]) => command);
  assert.equal(reads.length, 3);
  assert.deepEqual(reads[1], reads[0], 'the same act again');
  assert.deepEqual({ ...reads[2], id: '' }, { id: '', upTo: 2 }, 'the others as one');
  await until(() => after.unread === 1 && gateway.unread === 1, 'read');
  assert.equal(storage.length, 0);
});

test('acts of somebody else on the same browser stay where they are', async () => {
  const storage = new MemoryStorage();
  const ana = await live({ storage });
  gateway.notify('x');
  await until(() => ana.items().length === 1, 'the item');
  gateway.mute = true;
  ana.markRead(1);
  ana.close();
  gateway.mute = false;
  const bo = await live({ storage, token: async () => jwt({ sub: 'bo', tenant: 'acme' }) });
  assert.equal(bo.waiting, 0);
  assert.equal(storage.length, 1);
});

test('reads the inbox where the gateway cannot bring it up to date, and forgets what is no longer in it', async () => {
  gateway.notify('one');
  gateway.notify('two');
  const inbox = await live();
  gateway.forgets = true;
  gateway.items.shift();
  gateway.notify('three');
  gateway.drop(1012);
  await until(() => gateway.reads > 0 && inbox.state === 'live', 'read anew');
  assert.deepEqual(titles(inbox), ['three', 'two']);
});

test('an inbox of another epoch replaces the one before', async () => {
  for (const title of ['a', 'b', 'c']) gateway.notify(title);
  const inbox = await live();
  gateway.epoch = 'e2';
  gateway.items = [];
  gateway.notify('new life');
  gateway.drop();
  await until(() => inbox.state === 'live' && titles(inbox)[0] === 'new life', 'the new one');
  assert.deepEqual(titles(inbox), ['new life']);
});

test('a frame that never came is noticed by the next one', async () => {
  const inbox = await live();
  gateway.items.push({ seq: 1, title: 'lost on its way', createdAt: 1 });
  gateway.notify('second');
  await until(() => titles(inbox).length === 2, 'both');
  assert.equal(gateway.reads, 1);
});

test('goes over an event stream where no socket gets through, and acts by requests', async () => {
  gateway.refuse = (request) => (request.headers.upgrade ? 403 : 0);
  gateway.notify('one');
  const inbox = await live();
  gateway.notify('two');
  await until(() => titles(inbox).length === 2, 'the stream');
  inbox.markRead(1);
  await until(() => gateway.unread === 1 && inbox.waiting === 0, 'the request');
  await until(() => gateway.heard.some(([type, { upTo }]) => type === 'ack' && upTo === 2), 'the acknowledgement');
  gateway.refuse = () => 0;
  gateway.drop();
  gateway.notify('three');
  await until(() => titles(inbox).length === 3, 'back');
  assert.match(gateway.tokens.at(-1), /^bearer\./, 'on a socket again');
});

test('stays away when it was displaced, until somebody asks', async () => {
  const inbox = await live();
  gateway.drop(4409);
  await until(() => inbox.state === 'displaced', 'displaced');
  const tokens = gateway.tokens.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(gateway.tokens.length, tokens);
  inbox.connect();
  await until(() => inbox.state === 'live', 'live again');
});

test('gets a new token when one is refused, and ends when nobody is signed in', async () => {
  let count = 0;
  const inbox = await live({ token: async () => ((count += 1) < 3 ? jwt({ sub: 'ana', n: count }) : null) });
  gateway.drop(4401);
  await until(() => gateway.tokens.length === 2, 'the second token');
  assert.notEqual(gateway.tokens[0], gateway.tokens[1]);
  gateway.drop(4401);
  await until(() => inbox.state === 'closed', 'signed out');
});

test('renews the token on the open connection', { timeout: 20_000 }, async () => {
  gateway.validForMs = 6_000;
  await live({ random: () => 0 });
  await until(() => gateway.heard.some(([type, { token }]) => type === 'auth' && token.includes('.')), 'the new token', 8_000);
  assert.equal(gateway.connected, 1);
});

test('moves to another connection when the gateway asks', async () => {
  const inbox = await live();
  gateway.tell({ type: 'reconnect', afterMs: 30 });
  await until(() => gateway.tokens.length === 2 && inbox.state === 'live' && gateway.connected === 1, 'moved');
});

test('waits longer from failure to failure, at random, and less only after a healthy minute', async () => {
  const { Backoff } = await import('../backoff.js');
  const full = new Backoff({ firstMs: 500, longestMs: 60_000, random: () => 1 });
  const waits = Array.from({ length: 9 }, () => full.next());
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  full.reset();
  assert.equal(full.next(), 500);
  const half = new Backoff({ firstMs: 500, longestMs: 60_000, random: () => 0.5 });
  assert.equal(half.next(), 250);
});

test('whatever happens to the connection, the list ends as the server has it', { timeout: 60_000 }, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
  t.diagnostic(`SEED=${seed}`);
  const random = mulberry(seed);
  const pick = (n) => Math.floor(random() * n);
  const shown = new Map();
  const inbox = client({ random });
  inbox.on('change', ({ fresh }) => fresh.forEach(({ seq }) => shown.set(seq, (shown.get(seq) ?? 0) + 1)));
  inbox.connect();
  await until(() => inbox.state === 'live', 'live');
  const deeds = [
    () => gateway.notify(`n${gateway.lastSeq + 1}`),
    () => { for (let n = pick(20); n >= 0; n -= 1) gateway.notify(`n${gateway.lastSeq + 1}`); },
    () => gateway.drop([undefined, 1012, 1013, 4004, 4008, 4401][pick(6)]),
    () => { gateway.refuse = () => 503; gateway.drop(); },
    () => { gateway.refuse = () => 0; },
    () => { gateway.refuse = (request) => (request.headers.upgrade ? 400 : 0); gateway.drop(); },
    () => { gateway.forgets = random() < 0.5; },
    () => { gateway.mute = random() < 0.3; if (!gateway.mute) gateway.drop(); },
    () => gateway.tell({ type: 'reconnect', afterMs: pick(30) }),
    () => gateway.lastSeq && gateway.act({ type: 'read', seqs: [1 + pick(gateway.lastSeq)] }),
    ...['markRead', 'markUnread', 'markSeen'].map((act) => () => gateway.lastSeq && inbox[act](1 + pick(gateway.lastSeq))),
    () => inbox.items().length && inbox.archive(inbox.items()[0].seq),
    () => gateway.lastSeq && inbox.markRead({ upTo: 1 + pick(gateway.lastSeq) }),
  ];
  for (let step = 0; step < 400; step += 1) {
    deeds[pick(deeds.length)]();
    await new Promise((resolve) => setTimeout(resolve, pick(12)));
  }
  Object.assign(gateway, { refuse: () => 0, forgets: false, mute: false });
  gateway.drop();
  await until(() => inbox.state === 'live' && inbox.waiting === 0, 'all sent', 20_000);
  const seqs = () => inbox.items().map(({ seq }) => seq);
  const flags = (list) => list.map(({ seq, read }) => `${seq} ${read}`).join('\n');
  const truth = () => gateway.items.slice(-100).reverse()
    .map(({ seq }) => ({ seq, read: false, ...gateway.marks.get(seq) })).filter(({ archived }) => !archived);
  await until(() => flags(inbox.items()) === flags(truth()) && inbox.unread === gateway.unread, 'the same list', 15_000);
  assert.equal(new Set(seqs()).size, seqs().length, 'nothing twice in the list');
  assert.ok([...shown.values()].every((times) => times === 1), 'nothing announced twice');
});
