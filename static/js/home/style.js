// @ts-check
// How the first screen is laid out: the pad beside the picture, or above it where the screen is narrow.

export const STYLE = `
.first { display: grid; grid-template-columns: minmax(150px, 220px) minmax(0, 1fr); gap: 1.25rem;
  font-family: var(--st-font); color: var(--st-text-color);
  height: clamp(400px, calc(100dvh - var(--top, 10rem) - 12px), 1000px); }
.left { display: flex; flex-direction: column; gap: .6rem; min-height: 0; }
.told { display: flex; flex-direction: column; gap: .4rem; min-height: 0; }
.answer { margin: 0; font-size: 1.35rem; font-weight: 700; line-height: 1.2; min-height: 1.2em; }
.note { margin: 0; font-size: .875rem; line-height: 1.3; }
.note:empty { display: none; }
.buttons { display: flex; flex-wrap: wrap; gap: .4rem; }
button { font: inherit; font-size: .875rem; min-height: 2.2rem; padding: 0 .7rem; cursor: pointer; color: inherit;
  border-radius: 8px; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); }
button:hover { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.learn { display: flex; flex-direction: column; gap: .4rem; margin-top: .4rem; }
.learn .main { background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff;
  font-weight: 600; }
.right { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
.right .picture { flex: 1 1 0; }
.ways { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin-top: .2rem; }
.ways button { min-height: 1.75rem; padding: 0; background: none; border: 0; text-decoration: underline;
  text-underline-offset: .2em; color: light-dark(#1a5cc4, #7fb0ff); }
.ways button:hover { text-decoration-thickness: 2px; }
.curve { width: 100%; height: 56px; border-bottom: 1px solid var(--st-border-color); overflow: visible; }
.curve path { fill: none; stroke: var(--st-primary-color); stroke-width: 2; vector-effect: non-scaling-stroke; }
[hidden] { display: none !important; }
@media (max-width: 700px) {
  .first { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); gap: .5rem;
    height: clamp(480px, calc(100dvh - var(--top, 10rem) - 8px), 1000px); }
  .left { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); align-items: start; gap: .75rem; }
}
`;
