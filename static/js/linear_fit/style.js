// @ts-check
// How the fit looks; the colours are those of Streamlit's theme.

import { ACCENT } from '../lib/controls.js';

export const COLORS = ['#1f6feb', '#d9730d', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9'];

export const STYLE = `
[hidden] { display: none !important; }
.fit { font-family: var(--st-font); color: var(--st-text-color); font-size: .9rem; display: flex;
  flex-direction: column; gap: .5rem; }
.fit > .controls { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .3rem 1.2rem; }
.fit-more { grid-column: 1 / -1; }
.fit summary { cursor: pointer; min-height: 1.9rem; line-height: 1.9rem; }
.fit-more .room { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .4rem 1.2rem; }
.fit-more .matrix { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .2rem .6rem;
  grid-column: span 2; max-width: 20rem; }
.fit .why, .fit .lost { margin: 0; padding: .6rem .9rem; border-radius: .5rem; }
.fit .why { color: light-dark(#a3202a, #ffa3a3); background: rgba(255, 75, 75, .12); }
.fit .lost { background: rgba(28, 131, 225, .12); }
.fit p { margin: 0; }
.fit-bar { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.fit-bar button { font: inherit; color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: .5rem; padding: .35rem .7rem; cursor: pointer;
  min-width: 2.6rem; }
.fit-bar button:hover { border-color: var(--st-primary-color); }
.fit-bar button.fit-play { background: var(--st-primary-color); color: #fff; min-width: 6.5rem;
  border-color: transparent; }
.fit :is(button, input, canvas):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.fit-bar input { flex: 1 1 10rem; min-width: 6rem; min-height: 24px; touch-action: pan-y pinch-zoom;
  accent-color: ${ACCENT}; }
.fit-bar output { min-width: 10.5rem; text-align: right; font-variant-numeric: tabular-nums; }
.fit-plots { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .5rem 1rem; }
.fit-plots figure { margin: 0; min-width: 0; display: flex; flex-direction: column; }
.fit-plots figcaption { font-weight: 600; font-size: .85rem; line-height: 1.25; min-height: 2.5em; display: flex;
  align-items: end; margin-bottom: .15rem; }
.fit-plots canvas { width: 100%; height: 250px; display: block; cursor: ew-resize; touch-action: pan-y pinch-zoom; }
.fit-plots .fit-surface { cursor: crosshair; }
.fit-under { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; font-size: .8rem;
  min-height: 1.3rem; }
.fit-under .control { display: flex; align-items: center; gap: .3rem; }
.fit-under .control select { min-height: 1.8rem; width: auto; padding: .1rem .3rem; }
.fit-legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-family: var(--st-code-font); font-size: .78rem; }
.fit-legend i { display: inline-block; width: 1rem; height: .2rem; vertical-align: middle; margin-right: .3rem; }
.fit-tables { display: flex; flex-wrap: wrap; gap: .75rem 1.2rem; align-items: flex-start; }
.fit-tables h2 { margin: 0 0 .25rem; font-size: .85rem; font-weight: 600; }
.fit-grid { display: grid; grid-template-columns: repeat(2, 4.9rem); gap: 2px; }
.fit-grid :is(button, span) { font: .85rem var(--st-code-font); border: 0; border-radius: .25rem; padding: .3rem;
  text-align: right; font-variant-numeric: tabular-nums; }
.fit-grid button { cursor: pointer; }
.fit-grid button[aria-pressed=true] { outline: 2px solid var(--st-primary-color); }
.fit-step { padding: .5rem .8rem; border: 1px solid var(--st-border-color); border-radius: .5rem; min-height: 4.6rem; }
.fit-step p { margin: 0 0 .2rem; } .fit-step code { font: .85rem var(--st-code-font); overflow-wrap: anywhere; }
.fit-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.fit-reasons { display: flex; flex-direction: column; gap: .4rem; }
.fit-reasons p { margin: .3rem 0; } .fit-reasons math { text-align: left; margin: .25rem 0; }
@media (max-width: 700px) {
  .fit > .controls { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .fit-plots { grid-template-columns: minmax(0, 1fr); }
  .fit-plots figcaption { min-height: 0; }
  .fit-plots canvas { height: 180px; }
  .fit-bar output { min-width: 0; }
}
`;
