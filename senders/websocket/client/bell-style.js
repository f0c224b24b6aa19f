// How the bell looks.

import { sheet } from './element.js';

export const style = sheet(`
:host { display: inline-block; position: relative; }
:host([inline]) { display: block; }
#bell { position: relative; display: inline-grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; padding: 0; }
#badge { position: absolute; inset-block-start: 0.125rem; inset-inline-end: 0; min-inline-size: 1.25rem; padding-inline: 0.3rem;
  border-radius: 99px; background: var(--_badge); color: var(--_on-badge); font-size: 0.6875rem; line-height: 1.25rem; font-weight: 700;
  text-align: center; font-variant-numeric: tabular-nums; }
#panel { inline-size: min(24rem, calc(100vw - 1rem)); max-block-size: min(34rem, calc(100vh - 5rem)); margin: 0; padding: 0;
  overflow: hidden; flex-direction: column; background: var(--_ground); color: var(--_ink); border: 1px solid var(--_line);
  border-radius: var(--_round); box-shadow: 0 12px 32px -8px rgb(0 0 0 / 30%); text-align: start; }
#panel:not([hidden]) { display: flex; animation: appear 120ms ease-out; }
:host(:not([inline])) #panel { position: fixed; inset: auto; }
:host([inline]) #panel { inline-size: auto; max-block-size: var(--herald-height, 26rem); box-shadow: none; animation: none; }
@keyframes appear { from { opacity: 0; transform: translateY(-4px); } }

header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.25rem; padding-block: 0.5rem;
  padding-inline: 1rem 0.5rem; border-block-end: 1px solid var(--_line); }
h2 { font-size: 1rem; font-weight: 650; margin-inline-end: auto; }
header button, header a { display: inline-grid; align-items: center; min-block-size: 2.25rem; padding: 0.25rem 0.625rem; font-size: 0.8125rem;
  color: var(--_accent); text-decoration: none; border-radius: 8px; }
header a:hover { background: var(--_sunk); }
header button[aria-disabled="true"] { color: var(--_soft); }
#close { padding-inline: 0.375rem; color: inherit; }
#state { padding: 0.375rem 1rem; font-size: 0.8125rem; background: var(--_sunk); color: var(--_soft); display: flex; gap: 0.5rem;
  align-items: center; justify-content: space-between; flex-wrap: wrap; }
#state:empty { display: none; }
#state button { color: var(--_accent); border-color: var(--_edge); padding: 0.125rem 0.625rem; }

#list { overflow: auto; overscroll-behavior: contain; flex: 1 1 auto; min-block-size: 0; }
article { position: relative; display: grid; grid-template-columns: 1.75rem minmax(0, 1fr) auto; column-gap: 0; padding-block: 0.625rem;
  padding-inline: 0.5rem; overflow-wrap: anywhere; }
article + article { border-block-start: 1px solid var(--_line); }
article.unread { background: var(--_tint); }
article.fresh { animation: arrive 600ms ease-out; }
@keyframes arrive { from { background: color-mix(in srgb, var(--_accent) 35%, var(--_ground)); } }
article:focus-visible, article:focus { outline: 2px solid var(--_accent); outline-offset: -3px; border-radius: 6px; }
.dot { inline-size: 0.5625rem; block-size: 0.5625rem; margin-block-start: 0.4375rem; justify-self: center; border-radius: 50%; }
.unread .dot { background: var(--_accent); }
h3 { font-size: 0.9375rem; font-weight: 400; color: var(--_ink); text-align: start; }
.unread h3 { font-weight: 650; }
h3 a { color: inherit; text-decoration: none; }
h3 a::after { content: ""; position: absolute; inset: 0; }
article:hover h3 a { text-decoration: underline; }
.body { grid-column: 2; font-size: 0.875rem; color: var(--_soft); text-align: start; display: -webkit-box; -webkit-box-orient: vertical;
  -webkit-line-clamp: 3; overflow: hidden; }
.body:empty { display: none; }
time { grid-column: 2; font-size: 0.75rem; color: var(--_soft); }
.acts { grid-column: 3; grid-row: 1 / span 3; display: flex; position: relative; align-self: start; opacity: 0; }
article:hover .acts, article:focus-within .acts, article:focus .acts { opacity: 1; }
@media (hover: none) { .acts { opacity: 1; } }
.acts button { inline-size: 2rem; block-size: 2rem; display: grid; place-items: center; padding: 0; color: var(--_soft); }
.acts button:hover { background: var(--_ground); color: var(--_ink); }
.acts .icon { inline-size: 1.125rem; block-size: 1.125rem; }
#empty { padding: 2.5rem 1rem; text-align: center; color: var(--_soft); }

@media (max-width: 480px) {
  :host(:not([inline])) #panel { inset: auto 0 0 0 !important; inline-size: 100vw; max-inline-size: none; max-block-size: 85vh;
    border-width: 1px 0 0; border-radius: var(--_round) var(--_round) 0 0; }
  :host(:not([inline])) #panel:not([hidden]) { animation-name: rise; }
}
@keyframes rise { from { transform: translateY(2rem); opacity: 0; } }
`);
