// @ts-check
// How an operator's controls, tensors and opened cell look; the colours are those of Streamlit's theme.

export const STYLE = `
[hidden] { display: none !important; }
.one-operator { display: grid; grid-template-columns: minmax(0, min(14rem, 36%)) minmax(0, 1fr); gap: 1rem 2rem;
  align-items: start; font-family: var(--st-font); color: var(--st-text-color); }
.follows { min-height: 26rem; display: flex; flex-direction: column; gap: .6rem; min-width: 0; }
.follows p { margin: 0; }
.why, .error { color: light-dark(#a3202a, #ffa3a3); background: rgba(255, 75, 75, .12); }
.why, .error, .lost, .verdict { padding: .6rem .9rem; border-radius: .5rem; }
.error pre { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .8rem var(--st-code-font); }
.lost, .verdict { background: rgba(28, 131, 225, .12); }
.verdict.right { background: rgba(33, 195, 84, .14); }
.shape h2, .opened h2 { font-size: .9rem; font-weight: 600; margin: 0 0 .2rem; }
.line { overflow-x: auto; overflow-y: hidden; padding: .1rem 0 .6rem; margin-bottom: -.45rem; } /* ink below its line */
math { font-size: 1.05rem; margin: 0; text-align: left; width: fit-content; }
mfrac > * { padding: .12em 0; }
mtd { text-align: left; padding: .1em 0; }
.hint { font-size: .82rem; opacity: .8; }
.ask { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: end; }
.opened { border: 1px solid var(--st-border-color, rgba(128, 128, 128, .4)); border-radius: .5rem;
  padding: .7rem .9rem; }
.opened p { font-size: .82rem; opacity: .85; }
.printed pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .8rem var(--st-code-font); margin: .3rem 0; }
summary { cursor: pointer; min-height: 2rem; line-height: 2rem; }
.grid-row { display: flex; flex-wrap: wrap; gap: .6rem 1.6rem; align-items: flex-start; margin-bottom: .6rem; }
.grid-row h3 { flex: 0 0 100%; margin: 0; font-size: .9rem; }
.grid-tensor { min-width: 0; max-width: 100%; }
.grid-tensor h4 { margin: 0 0 .25rem; font: 600 .82rem var(--st-code-font); }
.grid-tensor h4 small { font-weight: 400; opacity: .75; margin-left: .5rem; }
.grid-tensor h4 button { font: .78rem var(--st-font); margin-left: .8rem; padding: .15rem .6rem; cursor: pointer;
  border-radius: .4rem; color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color, gray); }
.grid-slices { display: flex; flex-wrap: wrap; gap: .5rem; }
.grid-slice small { font: .7rem var(--st-code-font); opacity: .7; display: block; }
.grid-cells { display: grid; gap: 2px; width: max-content; }
.grid-cells :is(button, input, span) { font: .76rem var(--st-code-font); width: 3.6rem; padding: .35rem .2rem;
  border: 0; border-radius: .2rem; text-align: right; font-variant-numeric: tabular-nums; box-sizing: border-box; }
.grid-cells button { cursor: pointer; }
.grid-cells input { cursor: ew-resize; touch-action: pan-y pinch-zoom; border-bottom: 2px dotted currentColor;
  border-radius: .2rem .2rem 0 0; }
.grid-cells .lit { outline: 3px solid #e0a800; outline-offset: -1px; position: relative; z-index: 1; }
.grid-cells .open { outline: 3px solid var(--st-primary-color); outline-offset: 0; position: relative; z-index: 2; }
.grid-cells :focus-visible { box-shadow: 0 0 0 2px var(--st-background-color), 0 0 0 5px var(--st-primary-color);
  z-index: 3; position: relative; outline: 2px solid transparent; } /* seen in forced colours */
.grid-scroll { overflow-x: auto; padding: 4px; }
@media (pointer: coarse) { .grid-cells :is(button, input, span) { min-height: 2.4rem; } }
@media (max-width: 700px) {
  .one-operator { grid-template-columns: minmax(0, 1fr); }
  .one-operator > .controls { order: 1; }
  .one-operator > .controls { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .3rem 1rem; }
}
`;
