// @ts-check
// How the three grids and the sum look; the colours are those of Streamlit's theme.

export const STYLE = `
.window { font-family: var(--st-font); color: var(--st-text-color); outline-offset: 4px; border-radius: 6px; }
.window:focus-visible { outline: 2px solid var(--st-primary-color); }
.bar { display: flex; gap: .6rem; align-items: center; flex-wrap: wrap; font-size: .85rem; min-height: 2.4rem; }
.bar button { font: inherit; min-width: 5.5rem; min-height: 2.2rem; cursor: pointer; color: inherit; border-radius: 6px;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); }
.bar .hint { opacity: .75; }
[hidden] { display: none !important; }
.grids { display: flex; flex-wrap: wrap; gap: .6rem 1.4rem; align-items: flex-start; }
figure { margin: 0; width: min-content; }
figcaption { font-size: .85rem; margin-bottom: .25rem; font-weight: 600; min-width: 5rem; }
figcaption small { white-space: nowrap; }
figcaption small { font-weight: 400; opacity: .75; }
.cells { display: flex; flex-direction: column; gap: .3rem; }
.channel { font-size: .75rem; opacity: .8; white-space: nowrap; }
canvas { display: block; touch-action: pan-y pinch-zoom; cursor: crosshair; }
.sum { margin-top: .6rem; padding: .5rem .7rem; border-radius: 6px; background: var(--st-secondary-background-color);
  font-family: var(--st-code-font); font-size: .85rem; line-height: 1.7; min-height: 5.2rem; overflow-wrap: anywhere; }
.sum .name { font-family: var(--st-font); font-weight: 600; }
.term, .bias { padding: 0 .15em; border-radius: 4px; white-space: nowrap; cursor: default; }
.term:hover { background: #d6246e; color: #fff; }
.term.padded { opacity: .75; text-decoration: underline dotted; }
.term.winner { font-weight: 700; outline: 2px solid #d6246e; }
.label { font-family: var(--st-font); opacity: .75; font-size: .8rem; margin-right: .5em; }
.bias .label { margin: 0; }
.part, .result { font-weight: 700; }
.check.good { color: light-dark(#1a7f37, #4ac26b); } .check.bad { color: light-dark(#c62828, #ff7b72); }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

export const LAYER_STYLE = `
.layer { display: grid; grid-template-columns: minmax(0, min(15rem, 36%)) minmax(0, 1fr); gap: 1rem 2rem;
  align-items: start; font-family: var(--st-font); color: var(--st-text-color); }
.layer > .follows { min-height: 24rem; display: flex; flex-direction: column; gap: .5rem; min-width: 0; }
.shapes { font-size: 1.5rem; font-weight: 600; margin: 0; line-height: 1.3; font-variant-numeric: tabular-nums; }
.badge { font-size: .85rem; font-weight: 400; padding: .15rem .5rem; border-radius: .5rem; white-space: nowrap;
  vertical-align: middle; }
.badge.good { color: light-dark(#15602c, #6fdc8c); background: rgba(33, 195, 84, .14); }
.badge.bad, .why { color: light-dark(#a3202a, #ffa3a3); background: rgba(255, 75, 75, .12); }
.why, .lost, .verdict { margin: 0; padding: .7rem .9rem; border-radius: .5rem; }
.lost, .verdict { background: rgba(28, 131, 225, .12); }
.verdict.right { background: rgba(33, 195, 84, .14); }
.verdict p, .short p { margin: 0; }
.layer:not([data-answer]) .shapes { min-height: 25px; }
.layer:not([data-answer]) .formulas { min-height: 140px; }
.layer:not([data-answer]) .window { min-height: 350px; } /* what comes first has its place */
.layer:not([data-answer]) :is(.window > *, .follows > .control) { visibility: hidden; } /* the answer arranges them */
.layer:not([data-answer]) .follows > .control { position: absolute; }
.formulas { display: flex; flex-wrap: wrap; gap: .4rem 2rem; }
.formulas > * { min-width: 0; max-width: 100%; }
.line { margin: .1rem 0; padding: .2rem 0; overflow-x: auto; overflow-y: hidden; }
mfrac > * { padding: .12em 0; }
math { font-size: 1.05rem; margin-left: 0; text-align: left; width: fit-content; }
.direction { font-size: .85rem; opacity: .75; }
.remarks { margin: 0; padding-left: 1.2rem; } .remarks:empty { display: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem 1.2rem;
  margin: .3rem 0; font-variant-numeric: tabular-nums; }
.facts dt { font-size: .85rem; } .facts dd { margin: 0; overflow-wrap: anywhere; }
.facts dd:nth-of-type(1) { font-size: 1.6rem; line-height: 1.35; } .facts dd + dd { font-size: .8rem; opacity: .75; }
.group > summary { cursor: pointer; min-height: 2rem; line-height: 2rem; }
.controls .group .control { margin: .4rem 0; }
.guess { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; align-items: center; }
.guess .text { max-width: 14rem; }
.follows > .control { max-width: 18rem; }
@media (max-width: 700px) {
  .layer { display: flex; flex-direction: column; align-items: stretch; gap: .3rem; }
  .sum { margin-top: .3rem; padding: .3rem .7rem; }
  .layer > .follows { display: contents; }
  .layer > .follows > * { order: 3; }
  .layer > .follows > :is(.lost, .why, .verdict, .guess, .shapes) { order: 0; }
  .layer > .follows > .window { order: 1; }
  .layer > .controls { order: 2; }
  .shapes { font-size: 1.2rem; }
  .grids { gap: .6rem .75rem; }
  figcaption { min-width: 0; }
  .layer > .controls { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .3rem 1rem; }
  .layer > .controls :is(.group, textarea) { grid-column: 1 / -1; }
}
`;
