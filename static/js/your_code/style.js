// @ts-check
// How the page looks; colours come from Streamlit's theme.

import { ACCENT } from '../lib/controls.js';
import { CHOSEN_STYLE } from '../lib/theme.js';

export const STYLE = `
${CHOSEN_STYLE}
:host, .code-page { font-family: var(--st-font); color: var(--st-text-color); font-size: .9375rem; line-height: 1.45; }
.code-page { display: grid; gap: 10px; }
.code-page * { box-sizing: border-box; }
.code-page :is(button, select, .file) { font: inherit; color: inherit; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: 8px; background: var(--st-background-color);
  padding: 4px 12px; min-height: 36px; }
.code-page select { max-width: 100%; }
.code-page button:hover:enabled, .file:hover { border-color: var(--st-primary-color); }
.code-page button.main { background: #1f6feb; color: #fff; border-color: transparent; }
.code-page button:disabled { opacity: .5; cursor: default; }
.code-page :is(button, select, input, textarea, summary, [tabindex]):focus-visible, .file:focus-within {
  outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.code-page h3 { font-size: 1rem; margin: 0; } .code-page p { margin: 0; }
.code-page :is(code, pre) { font-family: var(--st-code-font); font-size: .8125rem; margin: 0; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.bar label { display: inline-flex; gap: 6px; align-items: center; max-width: 100%; }
.bar input.shape { font: .8125rem var(--st-code-font); color: inherit; background: var(--st-background-color);
  min-height: 36px; border: 1px solid var(--st-border-color); border-radius: 8px; padding: 4px 8px; width: 11rem; }
.code-page [hidden] { display: none; }
.file { display: inline-flex; align-items: center; }
.file input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.status:empty { display: none; }
.status { font-size: .875rem; display: flex; gap: 10px; align-items: center; flex-wrap: wrap; }
.status .busy { width: 14px; height: 14px; border-radius: 50%; border: 2px solid var(--st-border-color);
  border-top-color: var(--st-primary-color); animation: turn 1s linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .status .busy { animation: none; } }
.halves { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 14px; align-items: start; }
.half { display: grid; gap: 10px; min-width: 0; }
.editor .keys { display: block; opacity: .8; font-size: .75rem; padding-top: 3px; }
.scroll-code { position: relative; display: grid; grid-template-columns: auto minmax(0, 1fr); overflow: auto;
  resize: vertical; height: min(62vh, 34rem); min-height: 12rem; border: 1px solid var(--st-border-color);
  border-radius: 8px; background: var(--st-secondary-background-color); font: .8125rem/1.25rem var(--st-code-font); }
.scroll-code:focus-within { border-color: var(--st-primary-color); }
.gutter { position: sticky; left: 0; z-index: 2; text-align: right; padding: 8px 0; min-width: 3.2em; user-select: none;
  background: var(--st-secondary-background-color); color: color-mix(in srgb, currentColor 70%, transparent); }
.gutter div { padding: 0 8px 0 4px; border-left: 3px solid transparent; height: 1.25rem; }
.gutter .here { color: var(--st-text-color); font-weight: 700; }
.gutter .error { border-left-color: #c62828; } .gutter .finding { border-left-color: #d9730d; }
.sheet { position: relative; width: max-content; min-width: 100%; min-height: 100%; }
.copy { position: absolute; inset: 0; padding: 8px 6px; pointer-events: none; white-space: pre; tab-size: 4; }
.row { height: 1.25rem; margin: 0 -6px; padding: 0 6px; }
.row.lit { background: color-mix(in srgb, var(--st-primary-color) 16%, transparent);
  box-shadow: inset 3px 0 var(--st-primary-color); }
.row.lit.error { background: color-mix(in srgb, #c62828 14%, transparent); box-shadow: inset 3px 0 #c62828; }
.sheet textarea { position: relative; display: block; font: inherit; line-height: 1.25rem; color: transparent;
  caret-color: var(--st-text-color); background: transparent; border: 0; margin: 0; padding: 8px 6px;
  white-space: pre; overflow: hidden; resize: none; outline: none !important; tab-size: 4; min-width: 100%;
  min-height: 100%; }
.sheet textarea::selection { background: color-mix(in srgb, var(--st-primary-color) 35%, transparent); }
.t-comment { color: light-dark(#6b6f7f, #9a9eb0); } .t-number { color: light-dark(#0f766e, #5fd6c6); }
.t-string { color: light-dark(#15803d, #6fdc8c); } .t-keyword { color: light-dark(#1767b8, #4a9cf0); font-weight: 600; }
.t-defined { color: light-dark(#b02a4c, #f08aa5); }
.m-error { background: color-mix(in srgb, #c62828 32%, transparent); border-radius: 3px; box-shadow: 0 2px #c62828; }
.m-now { background: color-mix(in srgb, var(--st-primary-color) 34%, transparent); border-radius: 3px; }
.result { display: grid; gap: 10px; }
.card { border: 1px solid var(--st-border-color); border-left: 4px solid #d9730d; border-radius: 8px;
  padding: 10px 14px; display: grid; gap: 8px; }
.card.error { border-left-color: #c62828; }
.card header { display: flex; gap: 10px; justify-content: space-between; align-items: center; flex-wrap: wrap; }
.card .expression { font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere; }
.card .message { font-family: var(--st-code-font); font-size: .8125rem; white-space: pre-wrap;
  overflow-wrap: anywhere; max-height: 12em; overflow: auto; }
.code-page button.line-link { min-height: 28px; padding: 0 10px; font-size: .8125rem; }
.scroll { overflow-x: auto; max-width: 100%; }
table.operands { border-collapse: collapse; font: .8125rem var(--st-code-font); }
.operands th { font: .75rem var(--st-font); text-align: left; opacity: .8; }
.operands :is(td, th) { padding: 2px 16px 2px 0; white-space: nowrap; }
.change, .why { display: grid; gap: 3px; }
.fix { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
.fix pre { background: var(--st-secondary-background-color); border-radius: 6px; padding: 5px 9px; overflow-x: auto;
  max-width: 100%; white-space: pre-wrap; overflow-wrap: anywhere; }
.well { border-left: 4px solid #1a7f37; padding: 6px 12px; border-radius: 0 8px 8px 0;
  background: var(--st-secondary-background-color); }
.note { font-size: .875rem; opacity: .9; }
.prints { background: var(--st-secondary-background-color); border-radius: 8px; padding: 8px 12px; max-height: 15rem;
  overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.ran { font-size: .875rem; } .viewer, .timeline, .panel, .variables, .what { display: grid; gap: 8px; min-width: 0; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px; border-bottom: 1px solid var(--st-border-color); }
.code-page .tabs button { border: 0; border-bottom: 3px solid transparent; border-radius: 6px 6px 0 0;
  background: none; }
.code-page .tabs button[aria-selected=false]:hover:enabled { border-color: var(--st-border-color); }
.code-page .tabs button[aria-selected=true] { border-bottom-color: var(--st-primary-color); font-weight: 600; }
.steps-bar { display: grid; gap: 4px; background: var(--st-secondary-background-color); border-radius: 10px;
  padding: 8px 10px; }
.steps-row { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.steps-row .where { flex: 1 1 9rem; font-size: .875rem; }
.timeline input[type=range] { width: 100%; min-height: 24px; accent-color: ${ACCENT}; margin: 0; }
.strip { width: 100%; height: 10px; display: block; color: light-dark(#b6bcc8, #6b7280);
  outline-color: light-dark(#111, #fff); }
.loop { display: grid; grid-template-columns: minmax(9rem, auto) minmax(0, 1fr); gap: 8px; align-items: center;
  font-size: .875rem; }
.code-page h4 { margin: 0; font-size: .85rem; opacity: .85; }
.what h3 { font-family: var(--st-code-font); } .what { border-left: 4px solid #1f6feb; padding-left: 10px; }
.what.back { border-left-color: #d9730d; }
.what .expression { white-space: pre-wrap; overflow-wrap: anywhere; }
.gap { font-size: .8125rem; border: 1px dashed var(--st-border-color); border-radius: 6px; padding: 3px 8px; }
.tensors { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: flex-start; }
.tensor { margin: 0; display: grid; gap: 2px; min-width: 0; max-width: 100%; font-size: .8125rem; }
.tensor figcaption, .tensor small, .variable { font-family: var(--st-code-font); overflow-wrap: anywhere; }
.tensor small { font-size: .75rem; opacity: .85; }
.tensor canvas { display: block; max-width: 100%; image-rendering: pixelated;
  border: 1px solid var(--st-border-color); }
.tensor .here { display: block; min-height: 1.4em; }
.cells { display: grid; gap: 2px; width: max-content; }
.cells span { font: .75rem var(--st-code-font); padding: 2px 5px; text-align: right; border-radius: 2px; }
.code-page .cells button { font: .75rem var(--st-code-font); padding: 2px 5px; text-align: right; border: 0;
  border-radius: 2px; min-height: 0; }
.code-page .cells button:hover { box-shadow: inset 0 0 0 2px #d6006c; } .tensor canvas.opens { cursor: pointer; }
@media (pointer: coarse) { .code-page .cells button { padding: 6px 8px; } }
.opening { display: grid; gap: 8px; border: 1px solid #d6006c; border-radius: 8px; padding: 8px 12px; min-width: 0;
  background: var(--st-background-color); }
.opening header { display: flex; justify-content: space-between; align-items: center; gap: 8px; }
.opening h4 { font-family: var(--st-code-font); overflow-wrap: anywhere; }
.code-page button.shut { border: 0; padding: 0 8px; min-height: 28px; background: none; } .opening > * { min-width: 0; }
.opening math { font-size: 1rem; }
.opening .answer { display: flex; flex-wrap: wrap; gap: 4px 18px; font: .8125rem var(--st-code-font); }
.opening .terms { max-height: 14rem; overflow: auto; border: 1px solid var(--st-border-color); border-radius: 8px;
  padding: 4px 0; margin: 0; list-style: none; font: .78125rem var(--st-code-font); }
.opening .terms li { padding: 1px 10px; display: flex; gap: 10px; justify-content: space-between; flex-wrap: wrap; }
.opening .zeros summary { cursor: pointer; padding: 4px 0; font-size: .8125rem; }
.variable { font-size: .8125rem; } .variable summary { cursor: pointer; } .variable .tensor { padding: 4px 0 6px 16px; }
.variable .changed { color: light-dark(#a94a00, #ffab66); font: 600 .75rem var(--st-font); }
.networks { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; min-width: 0; }
.code-page .networks [aria-pressed=true] { border-color: var(--st-primary-color); font-weight: 600; }
.network-frame { display: grid; } .network-frame .picture { height: clamp(20rem, 60vh, 34rem); }
.curves { display: grid; gap: 8px; }
.curve-row { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 170px), 1fr)); gap: 10px; }
.curve { margin: 0; min-width: 0; font-size: .8125rem; }
.curve figcaption { display: flex; flex-wrap: wrap; gap: 2px 8px; justify-content: space-between; }
.curve b { font-family: var(--st-code-font); overflow-wrap: anywhere; }
.curve small { opacity: .85; font-size: .75rem; }
.curve svg { width: 100%; background: var(--st-secondary-background-color); border-radius: 6px; cursor: pointer;
  display: block; }
.curve-line { stroke: light-dark(#1f6feb, #6ea8ff); }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (min-width: 1001px) { .halves > .half:first-child { position: sticky; top: 4rem; } }
@media (max-width: 1000px) { .halves { grid-template-columns: minmax(0, 1fr); } .scroll-code { height: 46vh; } }
@media (max-width: 639px) { .scroll-code { height: 34vh; } } /* what the program did is in view below it */
`;
