// Two windows of one user, in a real browser against the real stack. node bell.mjs PAGE GATEWAY FOLDER NAME
//
// Says what it saw, a line each, and ends with 1 at the first thing that is not as it must be. Pictures go to FOLDER.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { colours } from './contrast.mjs';

const [PAGE, GATEWAY, FOLDER, NAME] = process.argv.slice(2);
const USER = 'zoe';
const PATIENCE = 15_000;
const SIZES = { wide: { width: 1100, height: 720 }, narrow: { width: 380, height: 720 } };
mkdirSync(FOLDER, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const failures = [];

/** A page of an app: nothing but a bell. */
async function openWindow(name, options = {}) {
  const { dir = 'ltr', size = 'wide', ...rest } = options;
  const context = await browser.newContext({ viewport: SIZES[size], ...rest });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => failures.push(`${name}: ${error.message}`));
  // Of the page's origin, which the gateway knows, but with nothing of its own that runs.
  await page.goto(`${PAGE}/page.css`);
  await page.evaluate(async ({ gateway, user, device, dir: direction }) => {
    const [{ InboxClient }] = await Promise.all([import('/client/inbox-client.js'), import('/client/herald-bell.js')]);
    const made = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    document.documentElement.dir = direction;
    document.documentElement.lang = direction === 'rtl' ? 'he' : 'en';
    document.documentElement.style.colorScheme = 'light dark';
    document.body.style.font = '1rem system-ui, sans-serif';
    const bar = made('header', '');
    bar.style.cssText = 'display:flex;justify-content:space-between;align-items:center;padding:8px 16px;border-bottom:1px solid #8888';
    const bell = document.createElement('herald-bell');
    bar.append(made('strong', 'Some app'), bell);
    const field = Object.assign(document.createElement('input'), { id: 'elsewhere', placeholder: 'elsewhere' });
    field.style.margin = '16px';
    document.body.replaceChildren(bar, field);
    const token = async () => {
      const answer = await fetch('/api/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user, device }) });
      return (await answer.json()).token;
    };
    window.inbox = new InboxClient({ url: gateway, token });
    window.news = [];
    window.inbox.on('change', ({ fresh }) => window.news.push(...fresh.map(({ seq }) => seq)));
    bell.client = window.inbox;
    window.inbox.connect();
  }, { gateway: GATEWAY, user: USER, device: name, dir });
  await page.waitForFunction(() => window.inbox.state === 'live');
  return page;
}

const list = (page) => page.evaluate(() => window.inbox.items().map(({ seq, title, body, read }) => ({ seq, title, body, read })));
const badge = (page) => page.locator('herald-bell #badge');
const focus = (page) => page.evaluate(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.dataset.seq ?? at.id;
});

async function send(text, category = 'comment') {
  const answer = await fetch(`${PAGE}/api/events`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ category, actor: 'bo', recipient: USER, text }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

async function arrived(page, text) {
  await page.waitForFunction((wanted) => window.inbox.items().some(({ body }) => body === wanted), text);
}

const steps = {
  async 'a notification appears in both windows without a reload'({ one, two }) {
    const before = (await list(one)).length;
    await send('first of all');
    await Promise.all([one, two].map((page) => arrived(page, 'first of all')));
    assert.equal((await list(one)).length, before + 1);
    assert.equal(await badge(one).textContent(), String(before + 1));
    assert.match(await one.locator('herald-bell [aria-live]').last().textContent(), /Bo Andersen/, 'it is announced');
  },

  async 'a name that is markup is shown as it is'({ one }) {
    await one.locator('herald-bell #bell').click();
    await one.locator('herald-bell h3', { hasText: NAME }).first().waitFor();
    const inside = await one.evaluate(() => document.querySelector('herald-bell').shadowRoot.querySelectorAll('script, img, b').length);
    assert.equal(inside, 0);
    assert.equal(await one.evaluate(() => window.hacked), undefined);
    await one.keyboard.press('Escape');
  },

  async 'what is read in one clears in the other'({ one, two }) {
    const unread = Number(await badge(two).textContent());
    await one.locator('herald-bell #bell').click();
    await one.locator('herald-bell article.unread').first().hover();
    await one.locator('herald-bell article.unread .toggle').first().click();
    await two.waitForFunction((left) => window.inbox.unread === left, unread - 1);
    assert.equal(await badge(two).textContent(), String(unread - 1));
    await one.getByRole('button', { name: 'Mark all read' }).click();
    await two.waitForFunction(() => window.inbox.unread === 0);
    assert.equal(await badge(two).isVisible(), false);
    await one.keyboard.press('Escape');
  },

  async 'after a while offline nothing is missing and nothing there twice'({ one, two }) {
    await send('just before');
    await Promise.all([one, two].map((page) => arrived(page, 'just before')));
    await one.evaluate(() => { window.news.length = 0; });
    await one.context().setOffline(true);
    await one.waitForFunction(() => window.inbox.state === 'offline');
    const away = Array.from({ length: 7 }, (_, index) => `while away ${index + 1}`);
    for (const text of away) await send(text);
    await arrived(two, away.at(-1));
    const [seq] = (await list(one)).map((item) => item.seq);
    await one.evaluate((which) => window.inbox.markRead(which), seq);
    const other = (await list(two)).find(({ body }) => body === away[0]).seq;
    await two.evaluate((which) => window.inbox.markRead(which), other);
    assert.equal((await list(one)).some(({ body }) => body === away[0]), false, 'it really is offline');
    assert.equal(await one.evaluate(() => window.inbox.waiting), 1, 'what was done is kept');
    await one.context().setOffline(false);
    await arrived(one, away.at(-1));
    await one.waitForFunction(() => window.inbox.state === 'live' && window.inbox.waiting === 0);
    await two.waitForFunction((which) => window.inbox.items().find((item) => item.seq === which).read, seq);
    await one.waitForFunction((which) => window.inbox.items().find((item) => item.seq === which).read, other);
    const [here, there] = [await list(one), await list(two)];
    assert.deepEqual(here, there);
    for (const text of away) assert.equal(here.filter(({ body }) => body === text).length, 1, text);
    assert.deepEqual(here.map((item) => item.seq), Array.from({ length: here.length }, (_, index) => here[0].seq - index));
    const news = await one.evaluate(() => window.news);
    assert.equal(new Set(news).size, news.length, 'nothing is announced twice');
    assert.equal(await badge(one).textContent(), await badge(two).textContent());
  },

  async 'the keyboard is enough'({ one, two }) {
    await one.locator('#elsewhere').focus();
    await one.keyboard.press('Shift+Tab');
    assert.equal(await focus(one), 'bell');
    await one.keyboard.press('Enter');
    const seqs = (await list(one)).map(({ seq }) => String(seq));
    const first = (await list(one)).find(({ read }) => !read);
    assert.equal(await focus(one), String(first.seq), 'the first that is unread');
    await one.keyboard.press('End');
    assert.equal(await focus(one), seqs.at(-1));
    await one.keyboard.press('Home');
    await one.keyboard.press('ArrowDown');
    assert.equal(await focus(one), seqs[1]);
    const { read } = (await list(one))[1];
    await one.keyboard.press('Space');
    await two.waitForFunction(([seq, was]) => window.inbox.items().find((item) => item.seq === seq).read !== was, [Number(seqs[1]), read]);
    assert.equal(await focus(one), seqs[1], 'the focus stays');
    await one.keyboard.press('Delete');
    await two.waitForFunction((seq) => window.inbox.items().every((item) => item.seq !== seq), Number(seqs[1]));
    assert.equal(await focus(one), seqs[2], 'the next one has the focus');
    await one.keyboard.press('Tab');
    await one.keyboard.press('Escape');
    assert.equal(await focus(one), 'bell');
    assert.equal(await one.locator('herald-bell #bell').getAttribute('aria-expanded'), 'false');
    await one.keyboard.press('Space');
    assert.equal(await one.locator('herald-bell #panel').isVisible(), true);
    await one.locator('#elsewhere').click();
    assert.equal(await one.locator('herald-bell #panel').isVisible(), false, 'a click elsewhere closes it');
  },

  async 'roles and names are there for those who cannot see'({ one }) {
    await one.locator('herald-bell #bell').press('Enter');
    const panel = one.getByRole('dialog', { name: 'Notifications' });
    assert.equal(await panel.getByRole('feed', { name: 'Notifications' }).count(), 1);
    const item = panel.getByRole('article').first();
    assert.ok(await item.getAttribute('aria-setsize') > 0);
    assert.equal(await item.getByRole('button', { name: 'Archive' }).count(), 1);
    assert.equal(await one.getByRole('button', { name: /^Notifications, \d+ unread$/ }).count(), 1);
    await one.keyboard.press('Escape');
  },
};

async function pictures() {
  for (const [size, colorScheme, dir] of [['wide', 'light', 'ltr'], ['wide', 'dark', 'ltr'], ['narrow', 'light', 'ltr'], ['narrow', 'dark', 'rtl'], ['wide', 'light', 'rtl']]) {
    const name = `${size}-${colorScheme}-${dir}`;
    const page = await openWindow('web-picture', { size, colorScheme, dir, reducedMotion: 'reduce' });
    await page.locator('herald-bell #bell').click();
    await page.locator('herald-bell article').first().waitFor();
    await page.screenshot({ path: join(FOLDER, `bell-${name}.png`) });
    const { least, pairs } = await page.evaluate(colours, 'herald-bell');
    assert.ok(pairs > 10 && least.ratio >= 4.5, `${name}: ${JSON.stringify(least)} of ${pairs}`);
    const box = await page.locator('herald-bell #panel').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= SIZES[size].width, `${name} is on the screen`);
    if (size === 'narrow') assert.equal(Math.round(box.width), SIZES[size].width);
    await page.context().close();
    console.log(`ok: ${name}: on the screen, contrast at least ${least.ratio.toFixed(1)}`);
  }
}

async function settings() {
  for (const [size, colorScheme] of [['wide', 'light'], ['narrow', 'dark']]) {
    const context = await browser.newContext({ viewport: { ...SIZES[size], height: 1500 }, colorScheme });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => failures.push(`settings: ${error.message}`));
    await page.goto(`${PAGE}/`);
    await page.locator('#recipient').selectOption('dan');
    await page.getByRole('button', { name: 'Settings' }).click();
    const centre = page.getByRole('dialog', { name: 'Notification settings' });
    const likes = centre.getByRole('switch', { name: 'Like by E-mail' });
    await likes.waitFor();
    const was = await likes.isChecked();
    await likes.click();
    await centre.getByRole('button', { name: 'Save' }).click();
    await centre.getByText('Saved.').waitFor();
    await page.reload();
    await page.locator('#recipient').selectOption('dan');
    await page.getByRole('button', { name: 'Settings' }).click();
    await likes.waitFor();
    assert.equal(await likes.isChecked(), !was, 'it was saved');
    await page.screenshot({ path: join(FOLDER, `settings-${size}-${colorScheme}.png`) });
    const { least } = await page.evaluate(colours, 'herald-preferences');
    assert.ok(least.ratio >= 4.5, `settings: ${JSON.stringify(least)}`);
    await context.close();
    console.log(`ok: settings ${size} ${colorScheme}: saved and read again, contrast at least ${least.ratio.toFixed(1)}`);
  }
}

try {
  const windows = { one: await openWindow('web-one'), two: await openWindow('web-two') };
  for (const [what, step] of Object.entries(steps)) {
    await step(windows);
    console.log(`ok: ${what}`);
  }
  await pictures();
  await settings();
  assert.deepEqual(failures, [], 'no script fails');
} finally {
  await browser.close();
}
