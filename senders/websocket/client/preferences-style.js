// How the preference centre looks.

import { sheet } from './element.js';

export const style = sheet(`
:host { display: block; background: var(--_ground); }
form { display: grid; gap: 1.25rem; max-inline-size: 44rem; margin-inline: auto; padding: clamp(0.75rem, 3vw, 1.5rem); text-align: start; }
h2 { font-size: 1.375rem; font-weight: 650; line-height: 1.25; }
section { border: 1px solid var(--_line); border-radius: var(--_round); padding: clamp(0.75rem, 3vw, 1.25rem); display: grid; gap: 0.75rem;
  min-inline-size: 0; }
h3 { font-size: 1rem; font-weight: 650; }
.hint, #status { color: var(--_soft); font-size: 0.875rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; inline-size: 100%; }
th, td { padding: 0.5rem 0.375rem; text-align: center; border-block-end: 1px solid var(--_line); font-weight: 400; }
tbody tr:last-child > * { border-block-end: 0; }
th:first-child { text-align: start; padding-inline-start: 0; overflow-wrap: anywhere; }
thead th { font-size: 0.8125rem; color: var(--_soft); vertical-align: bottom; }
tbody tr:first-child th { font-weight: 650; }
input[role="switch"] { appearance: none; inline-size: 2.5rem; block-size: 1.5rem; margin: 0; border-radius: 99px; cursor: pointer; position: relative;
  background: var(--_sunk); border: 1.5px solid var(--_edge); transition: background 120ms; vertical-align: middle; flex: none; }
input[role="switch"]::before { content: ""; position: absolute; inset-block-start: 0.1875rem; inset-inline-start: 0.1875rem; inline-size: 0.9375rem;
  block-size: 0.9375rem; border-radius: 50%; background: var(--_edge); transition: inset-inline-start 120ms; }
input[role="switch"]:checked { background: var(--_accent); border-color: var(--_accent); }
input[role="switch"]:checked::before { inset-inline-start: 1.125rem; background: var(--_on-accent); }
input[role="switch"]:disabled { opacity: 0.45; cursor: default; }
@media (forced-colors: active) { input[role="switch"] { appearance: auto; } }
.line { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
.line > :first-child { flex: 1 1 9rem; overflow-wrap: anywhere; }
fieldset { border: 1px solid var(--_line); border-radius: 10px; padding: 0.75rem; display: grid; gap: 0.625rem; }
legend { font-size: 0.875rem; color: var(--_soft); padding-inline: 0.25rem; }
.windows { display: grid; gap: 0.75rem; }
.windows:empty { display: none; }
.days { display: flex; flex-wrap: wrap; gap: 0.375rem; }
.days label { position: relative; display: inline-grid; place-items: center; min-inline-size: 2.75rem; min-block-size: 2.25rem; padding-inline: 0.5rem;
  border: 1.5px solid var(--_edge); border-radius: 99px; font-size: 0.875rem; cursor: pointer; }
.days input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
.days label:has(:checked) { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); font-weight: 600; }
.days label:has(:focus-visible) { outline: 2px solid var(--_accent); outline-offset: 2px; }
select, input[type="time"] { min-block-size: 2.5rem; padding: 0.25rem 0.5rem; background: var(--_ground); border: 1.5px solid var(--_edge);
  border-radius: 8px; max-inline-size: 100%; }
label.field { display: inline-flex; align-items: center; gap: 0.5rem; font-size: 0.875rem; color: var(--_soft); max-inline-size: 100%; }
label.field > * { color: var(--_ink); min-inline-size: 0; }
button { min-block-size: 2.5rem; padding: 0.25rem 0.875rem; border-color: var(--_edge); }
button.plain { border-color: transparent; color: var(--_accent); justify-self: start; padding-inline: 0.5rem; }
button[type="submit"] { background: var(--_accent); color: var(--_on-accent); border-color: var(--_accent); font-weight: 650; min-inline-size: 7rem; }
button[type="submit"]:disabled { opacity: 0.6; }
.problem { color: light-dark(#a3271f, #ff9c91); font-size: 0.875rem; }
.problem:empty { display: none; }
.foot { position: sticky; inset-block-end: 0; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding-block: 0.75rem;
  background: var(--_ground); border-block-start: 1px solid var(--_line); }
@media (max-width: 480px) { input[role="switch"] { inline-size: 2.125rem; } input[role="switch"]:checked::before { inset-inline-start: 0.8125rem; }
  th, td { padding-inline: 0.1875rem; } thead th { font-size: 0.75rem; } .foot button { flex: 1; } }
`);
