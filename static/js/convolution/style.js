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
canvas { display: block; touch-action: pan-y; cursor: crosshair; }
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
