// The preference centre as a page of its own, in a frame of the app that the user is signed in to.
//
// The app hands over the token. Only pages of the gateway's `origins` can frame this page, for the content security policy
// that it is served with says so; so whoever is its parent is one of them. The token stays in this page's memory.

import '/client/herald-preferences.js';

/** How long the app may take to find a token. */
const PATIENCE_MS = 20_000;
const MOST_OPTIONS = 2_000;

let embedder = null;
const waiting = new Set();

function ask() {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(answered);
      reject(new Error('no token came'));
    }, PATIENCE_MS);
    const answered = (token) => {
      clearTimeout(timer);
      waiting.delete(answered);
      resolve(token);
    };
    waiting.add(answered);
    // It says nothing but that a token is wanted: before the first answer nobody knows the parent's origin.
    parent.postMessage({ type: 'herald-token-wanted' }, embedder ?? '*');
  });
}

addEventListener('message', ({ source, origin, data }) => {
  if (source !== parent || (embedder !== null && origin !== embedder) || data?.type !== 'herald-token') return;
  embedder = origin;
  waiting.forEach((answered) => answered(typeof data.token === 'string' ? data.token : null));
  if (data.options) configure(data.options);
});

/** What the app may set: how the page looks and what it names. */
function configure({ lang, dir, theme, categories, channels, languages }) {
  const short = (text) => typeof text === 'string' && text.length <= MOST_OPTIONS;
  if (short(lang)) document.documentElement.lang = lang;
  if (['ltr', 'rtl'].includes(dir)) document.documentElement.dir = dir;
  for (const [name, value] of Object.entries({ theme, categories, channels, languages })) {
    if (short(value)) centre.setAttribute(name, value);
  }
}

const centre = document.createElement('herald-preferences');
if (parent === window) {
  document.getElementById('alone').hidden = false;
} else {
  document.getElementById('main').append(centre);
  centre.token = ask;
  centre.addEventListener('herald-saved', () => parent.postMessage({ type: 'herald-saved' }, embedder));
}
