import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CHANNELS, Switches, categoriesOf, digestChanges, digestOf, minuteOf, parseCategories, windowOf, windowToSend,
} from '../preferences-model.js';
import { mulberry } from './rig.js';

test('a switch is off where any wider one is', () => {
  const switches = new Switches([{ channel: 'EMAIL' }, { category: 'news' }, { category: 'like', channel: 'PUSH' }, { topic: 'a/b' }]);
  assert.equal(switches.isOn('comment', 'PUSH'), true);
  assert.equal(switches.isOn('comment', 'EMAIL'), false);
  assert.equal(switches.isOn('news', 'PUSH'), false);
  assert.equal(switches.isOn('like', 'PUSH'), false);
  assert.equal(switches.isOn('like', 'INBOX'), true);
  assert.equal(new Switches([{}]).isOn('like', 'INBOX'), false);
  assert.deepEqual(switches.changes(), []);
});

test('to turn on one channel of a category that is off leaves the others off', () => {
  const switches = new Switches([{ category: 'news' }]);
  switches.turn('news', 'EMAIL', true);
  assert.deepEqual(CHANNELS.filter((channel) => switches.isOn('news', channel)), ['EMAIL']);
  assert.equal(switches.changes().filter(({ optedOut }) => optedOut).length, CHANNELS.length - 1);
  assert.deepEqual(switches.changes().filter(({ optedOut }) => !optedOut), [{ category: 'news', optedOut: false }]);
});

test('what is sent makes the server hold what the page shows', (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
  t.diagnostic(`SEED=${seed}`);
  const random = mulberry(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  for (let run = 0; run < 300; run += 1) {
    let stored = [];
    for (let save = 0; save < 4; save += 1) {
      const switches = new Switches(stored);
      for (let n = 0; n < 5; n += 1) {
        const category = pick(['a', 'b', null]);
        const channel = category === null ? pick([...CHANNELS, null]) : pick(CHANNELS);
        const on = random() < 0.5;
        switches.turn(category, channel, on);
      }
      const same = (one, other) => (one.category ?? null) === (other.category ?? null) && (one.channel ?? null) === (other.channel ?? null);
      for (const change of switches.changes()) {
        stored = stored.filter((each) => !same(each, change));
        if (change.optedOut) stored.push(change);
      }
      const reread = new Switches(stored);
      for (const category of ['a', 'b', null]) {
        for (const channel of CHANNELS) assert.equal(reread.isOn(category, channel), switches.isOn(category, channel));
      }
    }
  }
});

test('quiet hours go there and back', () => {
  for (const window of [
    { days: [], startMinute: 1320, endMinute: 420, channels: [] },
    { days: ['SATURDAY', 'SUNDAY'], startMinute: 0, endMinute: 0, channels: ['PUSH'] },
  ]) {
    assert.deepEqual(windowToSend(windowOf(window)), window);
  }
  assert.equal(windowToSend({ days: new Set(), start: '22:00', end: '07:00', channels: [] }), null);
  assert.equal(windowToSend({ days: new Set(['MONDAY']), start: '', end: '07:00', channels: [] }), null);
  assert.equal(minuteOf('23:59'), 1439);
});

test('only digests that differ are sent, with the times that belong to them', () => {
  const before = [{ category: 'like', frequency: 'DAILY', minute: 540 }];
  const now = new Map([['like', digestOf(before, 'like')], ['news', digestOf(before, 'news')], [null, digestOf(before, null)]]);
  assert.deepEqual(digestChanges(before, now), []);
  now.get('like').minute = 600;
  Object.assign(now.get('news'), { frequency: 'WEEKLY', minute: 480, weekday: 'FRIDAY' });
  now.get(null).frequency = 'IMMEDIATE';
  assert.deepEqual(digestChanges(before, now), [
    { category: 'like', frequency: 'DAILY', minute: 600 },
    { category: 'news', frequency: 'WEEKLY', minute: 480, weekday: 'FRIDAY' },
    { frequency: 'IMMEDIATE' },
  ]);
});

test('categories are those of the app first, then those that the user has met', () => {
  const named = parseCategories('like=Likes, order.shipped');
  const found = categoriesOf(named, { optOuts: [{ category: 'news' }, { channel: 'PUSH' }], digests: [] }, [{ category: 'like' }, { category: 'task_due' }]);
  assert.deepEqual(found, [
    { id: 'like', name: 'Likes' }, { id: 'order.shipped', name: 'Order shipped' }, { id: 'news', name: 'News' }, { id: 'task_due', name: 'Task due' },
  ]);
});
