// @ts-check
// How the walk looks; colours come from Streamlit's theme.

import { CHOSEN_STYLE } from '../lib/theme.js';

export const STYLE = `
:host, .walk { font-family: var(--st-font); color: var(--st-text-color); font-size: .9375rem; line-height: 1.45; }
.lost { margin: 0 0 .6rem; padding: .6rem .9rem; border-radius: .5rem; background: rgba(28, 131, 225, .12); }
[hidden] { display: none !important; }
.step { display: grid; gap: 12px; }
.step > .controls { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .4rem 1rem;
  align-items: start; }
@media (min-width: 1200px), (max-width: 600px) { .step > .controls > :first-child { grid-column: span 2; } }
@media (min-width: 601px) and (max-width: 1199px) {
  .step > .controls { grid-template-columns: 1.6fr 1.15fr .9fr .9fr; } }
.step > .controls > .more { align-self: center; }
.step > .controls > .more[open] { grid-column: 1 / -1; }
.step .room { display: grid; grid-template-columns: repeat(auto-fill, minmax(225px, 1fr)); gap: .5rem 1rem;
  padding-top: .5rem; }
.more summary { cursor: pointer; }
.why { margin: 0; padding: .6rem .9rem; border-radius: .5rem; background: rgba(255, 75, 75, .12);
  white-space: pre-line; }
.walk { outline: none; display: grid; gap: 12px; }
@media (max-width: 600px) { .walk:not([data-answer]) { min-height: 100vh; } } /* below it are the settings */
.walk * { box-sizing: border-box; }
.walk button { font: inherit; color: inherit; cursor: pointer; border: 1px solid var(--st-border-color);
  border-radius: 8px; background: var(--st-background-color); padding: 4px 10px; min-height: 34px; }
.walk button:hover { border-color: var(--st-primary-color); }
.walk :is(button, canvas, summary, .terms):focus-visible, .track:focus-visible {
  outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.walk button[aria-pressed=true] { background: var(--st-primary-color); color: #fff;
  border-color: var(--st-primary-color); }
${CHOSEN_STYLE}
.tick { forced-color-adjust: none; }
.walk code, .walk pre { font-family: var(--st-code-font); font-size: .8125rem; }
.bar { display: grid; gap: 8px; background: var(--st-secondary-background-color); border-radius: 10px;
  padding: 10px 12px; position: sticky; top: 3.75rem; z-index: 5; }
.phases { display: flex; gap: 3px; }
.phase { min-width: 0; flex: 1 1 0; } .phase.single { flex-basis: 58px; }
.phase > span { display: block; font-size: .75rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.phase.now > span { font-weight: 700; color: color-mix(in srgb, var(--st-primary-color) 60%, var(--st-text-color)); }
.track { touch-action: pan-y pinch-zoom; cursor: pointer; }
.ticks { display: flex; gap: 2px; height: 22px; align-items: stretch; }
.tick { flex: 1 1 0; min-width: 2px; background: var(--st-border-color); border-radius: 3px; }
.tick.done { background: #8fb4f2; } .tick.done.back { background: #eeb88c; }
.tick.now { background: var(--st-primary-color); outline: 2px solid var(--st-text-color); }
.steer { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.steer .where { font-weight: 600; flex: 1 1 220px; min-width: 0; }
.steer small { opacity: .75; font-size: .75rem; }
.steer select { font: inherit; min-height: 34px; color: inherit; background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: 2px 6px; }
.body { display: grid; grid-template-columns: minmax(290px, 36%) minmax(0, 1fr); gap: 18px; align-items: start; }
.side { display: grid; gap: 10px; min-width: 0; }
.listing { background: var(--st-secondary-background-color); border-radius: 8px; padding: 8px 0; overflow: auto;
  max-height: 25rem; margin: 0; max-height: 400px; }
.listing .title { padding: 0 12px 4px; opacity: .75; font-size: .75rem; font-family: var(--st-code-font); }
.listing div.line { padding: 1px 12px; white-space: pre-wrap; font-family: var(--st-code-font); font-size: .78125rem;
  overflow-wrap: break-word; padding-left: 44px; text-indent: -32px; }
.listing div.line.lit { background: color-mix(in srgb, var(--st-primary-color) 16%, transparent);
  box-shadow: inset 3px 0 var(--st-primary-color); }
.listing.back div.line.lit { background: color-mix(in srgb, #d9730d 18%, transparent);
  box-shadow: inset 3px 0 #d9730d; }
.listing mark { color: inherit; background: color-mix(in srgb, var(--st-primary-color) 38%, transparent);
  border-radius: 3px; }
.listing.back mark { background: color-mix(in srgb, #d9730d 42%, transparent); }
.words { margin: 0; }
.words h2 { display: inline; margin: 0; font: inherit; font-weight: 700; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.badge { border-radius: 8px; padding: 6px 10px; font-size: .8125rem; border: 1px solid #1a7f37; display: flex;
  gap: 8px; }
.badge.fine::before { content: '✓'; color: #1a7f37; font-weight: 700; }
.badge.far { border-color: #b35900; } .badge.far::before { content: '!'; color: #b35900; font-weight: 700; }
.badge.none { border-color: var(--st-border-color); opacity: .8; }
.crumbs { display: flex; flex-wrap: wrap; gap: 6px; align-items: flex-start; margin-bottom: 8px; }
.body > .stage { min-width: 0; min-height: 420px; }
.flowline { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; font-size: .875rem; }
.shape { font-family: var(--st-code-font); font-size: .8125rem; background: var(--st-secondary-background-color);
  border-radius: 6px; padding: 1px 7px; white-space: nowrap; }
.tensors { display: grid; gap: 10px; }
.group > header { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; margin-bottom: 4px; }
.group > header b { font-family: var(--st-code-font); font-size: .875rem; }
.group > header small { opacity: .75; }
.panes { display: flex; flex-wrap: wrap; gap: 14px; align-items: flex-start; }
.pane { min-width: 0; max-width: 100%; } .pane figcaption { font-size: .75rem; opacity: .85; margin-bottom: 3px; }
.pane { margin: 0; } .tensor { display: block; cursor: crosshair; max-width: 100%; touch-action: manipulation; }
.legend { display: flex; align-items: center; gap: 5px; font-family: var(--st-code-font); font-size: .71875rem; }
.legend i { width: 46px; height: 8px; border-radius: 2px; background: linear-gradient(90deg,
  light-dark(#d9730d, #ff9440), light-dark(#f7f7f7, #1d2129), light-dark(#1f6feb, #5b9dff));
  border: 1px solid var(--st-border-color); }
.absent { border: 1px dashed var(--st-border-color); border-radius: 8px; padding: 10px 14px; font-size: .8125rem;
  opacity: .8; max-width: 300px; }
.hover { min-height: 22px; font-family: var(--st-code-font); font-size: .78125rem; opacity: .9; }
.network { display: grid; height: clamp(var(--network-least, 17rem), calc(100vh - var(--top, 20rem) - .5rem), 42rem); }
.network .note { margin: 0; }
.shows { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; flex: 1 1 0; margin-left: 12px; }
.to-step { margin-left: auto; }
.walk button:disabled { opacity: .5; cursor: default; }
.walk[data-zoom="1"] .body { grid-template-columns: minmax(0, 1fr); gap: 10px; }
.walk[data-zoom="1"] .side { display: contents; } .walk[data-zoom="1"] :is(.side > *) { order: 2; }
.walk[data-zoom="1"] .side > .words { order: 0; min-height: 3em; }
.walk[data-zoom="1"] .body > .stage { order: 1; min-height: 0; }
.opened { display: grid; gap: 12px; }
.opened h2 { margin: 0; padding: 0; font-weight: 700; line-height: 1.35; font-family: var(--st-code-font);
  font-size: 1.0625rem; overflow-wrap: anywhere; }
.opened math { font-size: 1.0625rem; } .scroll { overflow-x: auto; max-width: 100%; }
.answer { display: flex; flex-wrap: wrap; gap: 4px 18px; font-family: var(--st-code-font); font-size: .875rem; }
.answer b { font-weight: 700; }

.terms { max-height: 300px; overflow: auto; border: 1px solid var(--st-border-color); border-radius: 8px;
  padding: 4px 0; margin: 0; list-style: none; font-family: var(--st-code-font); font-size: .78125rem; }
.terms li { padding: 1px 10px; display: flex; gap: 10px; justify-content: space-between; flex-wrap: wrap; }
.terms li:hover, .terms li.strong { background: color-mix(in srgb, #d6006c 18%, transparent); }
.terms li em { font-style: normal; opacity: .8; } .terms li.zero { opacity: .75; }
.zeros summary { cursor: pointer; padding: 4px 0; font-size: .8125rem; }
.opened h2:focus { outline: none; }
.opened h2:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.what-if-bar { display: flex; gap: 4px 12px; align-items: center; font-size: .84375rem; padding: 6px 10px;
  border-radius: 8px; border: 2px solid #d6006c;
  background: color-mix(in srgb, #d6006c 10%, var(--st-background-color)); }
.what-if-bar button { flex: none; }
.supposed { display: flex; flex-wrap: wrap; gap: 2px 14px; flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; }
.tick.reached { box-shadow: inset 0 -6px #d6006c; }
.badge.what-if { border-color: #d6006c; } .badge.what-if::before { content: '?'; font-weight: 700; }
.pane.what_if figcaption, .pane.difference figcaption { font-weight: 600; }
.what-if-cell { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; border: 1px solid #d6006c;
  border-radius: 8px;
  padding: 8px 12px; } .what-if-cell p { margin: 0; flex: 1 0 100%; font-size: .84375rem; }
.what-if-cell input[type=range] { flex: 1 1 200px; min-width: 0; height: 34px; margin: 0;
  accent-color: light-dark(#d6006c, #ff6aa9); touch-action: pan-y pinch-zoom; }
.what-if-cell input[type=text] { font: inherit; font-family: var(--st-code-font); width: 8.5em; min-height: 34px;
  color: inherit; background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: 8px; padding: 2px 8px; }
.what-if-cell input:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.what-if-cell input[aria-invalid=true] { border-color: #d6006c; }
.follows { display: flex; flex-wrap: wrap; gap: 8px 28px; align-items: flex-start; }
.follows h3 { flex: 1 0 100%; margin: 0; font-size: .875rem; }
.follows ol { margin: 0; padding: 0; list-style: none; font-size: .8125rem; display: grid; gap: 3px; }
.follows li button { font-family: var(--st-code-font); font-size: .78125rem; min-height: 28px; padding: 1px 8px; }
.before-after { border-collapse: collapse; font-family: var(--st-code-font); font-size: .78125rem;
  font-variant-numeric: tabular-nums; }
.before-after :is(th, td) { text-align: right; padding: 1px 10px; font-weight: 400; }
.before-after th[scope] { text-align: left; }
.before-after .now { font-weight: 700;
  background: linear-gradient(90deg, color-mix(in srgb, #d6006c 26%, transparent) var(--share, 0%), transparent 0); }
.consequences, .arithmetic { display: grid; gap: 12px; min-width: 0; } .consequences:empty { display: none; }
.maps { display: flex; flex-wrap: wrap; gap: 14px; min-width: 0; align-items: flex-start; }
.guess { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; border: 1px dashed var(--st-primary-color);
  border-radius: 8px; padding: 10px 12px; }
.guess input { font: inherit; font-family: var(--st-code-font); color: inherit; background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: 4px 8px; width: 180px; min-height: 34px; }
.walk > .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.lines { border-collapse: collapse; } .lines td { padding: 6px 10px 6px 0; vertical-align: middle; }
.lines math { font-size: .9375rem; } .lines td:last-child { white-space: nowrap; }
.lines td:last-child { font-family: var(--st-code-font); font-weight: 700; }
.options { display: flex; flex-wrap: wrap; gap: 6px 16px; font-size: .8125rem; align-items: center; }
.options label { display: inline-flex; gap: 6px; align-items: center; min-height: 28px; }
@media (max-width: 900px) { .body { grid-template-columns: minmax(0, 1fr); gap: 10px; } .side { display: contents; }
  .side > * { order: 2; }
  .side > .words, .side > .badge { order: 0; } .side > .words { min-height: 4.5em; }
  .body > .stage { order: 1; min-height: 300px; }
  .listing { max-height: 260px; } .bar { padding: 8px; } .walk button { padding: 4px 8px; }
  .steer .where { flex-basis: 100%; order: -1; } .keys { display: none; } }
@media (max-width: 1100px) { .steer small { display: none; } } /* the room is the drawing's */
@media (max-width: 700px) { .step { --choices-order: 1; } .step > .controls { order: 1; }
  .walk[data-zoom="1"] .side > .words { order: 2; } }
.step:has(.walk[data-zoom="1"]) > .controls { order: var(--choices-order, 0); }
@media (max-width: 600px) { .network { height: clamp(20rem, calc(100vh - var(--top, 26rem) - .5rem), 30rem); }
  .shows, .to-step { flex-basis: 100%; margin: 0; } .ticks { gap: 1px; } .tick { min-width: 1px; border-radius: 1px; }
  .phase.single { flex-basis: 22px; }
  .supposed .share, .supposed .others, .supposed code { display: none; }
  .what-if-bar { padding: 3px 6px; gap: 4px 6px; }
  .phase > span { font-size: .6875rem; } .phase.now { overflow: visible; } .phase.now > span { overflow: visible; }
  .phase:not(.now) > span { visibility: hidden; } }
`;
