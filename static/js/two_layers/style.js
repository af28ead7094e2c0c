// @ts-check
// How the settings, the matrices and the losses look; the colours are those of Streamlit's theme.

export const STYLE = `
[hidden] { display: none !important; }
.lockstep { font-family: var(--st-font); color: var(--st-text-color); font-size: .9rem; display: flex;
  flex-direction: column; gap: .5rem; }
.lockstep > .controls { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .2rem 1.2rem; }
.ways-more { grid-column: span 2; }
.ways-more .room { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .2rem 1.2rem; }
.lockstep p { margin: 0; }
.lockstep .why, .lockstep .lost { padding: .6rem .9rem; border-radius: .5rem; }
.lockstep .why { color: light-dark(#a3202a, #ffa3a3); background: rgba(255, 75, 75, .12); }
.lockstep .lost { background: rgba(28, 131, 225, .12); }
.lockstep summary { cursor: pointer; min-height: 1.9rem; line-height: 1.9rem; }
.ways-shapes { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: center; min-height: 6rem; }
.ways-shapes .matrix { display: flex; flex-direction: column; align-items: center; gap: .1rem;
  font: .78rem var(--st-code-font); }
.ways-shapes .box { background: color-mix(in srgb, var(--st-primary-color) 28%, transparent);
  border: 1.5px solid var(--st-primary-color); border-radius: 2px; }
.ways-shapes .learned .box { background: color-mix(in srgb, #d9730d 30%, transparent); border-color: #d9730d; }
.ways-shapes .sign { font-size: 1.2rem; }
.ways-chart { display: flex; flex-direction: column; gap: .2rem; }
.ways-head { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between; }
.ways-head b { font-weight: 600; } .ways-head output { font-variant-numeric: tabular-nums; }
.ways-chart canvas { width: 100%; height: 240px; display: block; }
.ways-legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .8rem; }
.ways-legend i { display: inline-block; width: 1.1rem; height: .22rem; vertical-align: middle; margin-right: .3rem; }
.ways-numbers .scroll { overflow-x: auto; }
.ways-numbers table { border-collapse: collapse; font: .78rem var(--st-code-font); margin-bottom: .5rem; }
.ways-numbers :is(th, td) { text-align: right; padding: .15rem .6rem; border-bottom: 1px solid var(--st-border-color); }
.ways-numbers th { font-weight: 600; white-space: nowrap; }
.ways-numbers pre { max-height: 15rem; overflow: auto; font: .78rem var(--st-code-font); margin: .4rem 0;
  padding: .5rem .7rem; background: var(--st-secondary-background-color); border-radius: .5rem; }
@media (max-width: 700px) {
  .lockstep > .controls { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .ways-chart canvas { height: 190px; }
  .ways-shapes { gap: .2rem .35rem; }
}
`;
