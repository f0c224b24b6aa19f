// The colours and sizes of bell and preference centre; each can be set from outside as --herald-….

import { sheet } from './element.js';

/** Contrast is at least 4.5 for text and 3 for borders that carry meaning, light and dark; the browser test counts it. */
export const theme = sheet(`
:host {
  --_ground: var(--herald-ground, light-dark(#fffdf8, #1b1e21));
  --_sunk: var(--herald-sunk, light-dark(#f3f0e8, #24282c));
  --_ink: var(--herald-ink, light-dark(#1d1f21, #ebe8df));
  --_soft: var(--herald-soft, light-dark(#5c5d58, #a9aaa3));
  --_line: var(--herald-line, light-dark(#dedacd, #3a3f45));
  --_edge: var(--herald-edge, light-dark(#85816f, #7d8187));
  --_accent: var(--herald-accent, light-dark(#0f6b50, #5fcfa4));
  --_on-accent: var(--herald-on-accent, light-dark(#ffffff, #06231a));
  --_tint: var(--herald-tint, light-dark(#eaf4ef, #1b2f28));
  --_badge: var(--herald-badge, light-dark(#b3261e, #ff9c91));
  --_on-badge: var(--herald-on-badge, light-dark(#ffffff, #3b0907));
  --_round: var(--herald-round, 12px);
  --_font: var(--herald-font, inherit);
  box-sizing: border-box;
  color: var(--_ink);
  font: var(--_font);
  line-height: 1.45;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
button, select, input { font: inherit; color: inherit; }
button { cursor: pointer; background: none; border: 1px solid transparent; border-radius: 8px; }
button:hover { background: var(--_sunk); }
button:disabled, button[aria-disabled="true"] { cursor: default; color: var(--_soft); background: none; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.icon { inline-size: 1.5rem; block-size: 1.5rem; display: block; fill: none; stroke: currentColor; stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
`);
