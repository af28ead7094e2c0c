// @ts-check
// How the picture of a network looks.

export const STYLE = `
.picture { position: relative; display: flex; flex-direction: column; min-height: 0; min-width: 0; }
.picture > .stage { flex: 1 1 0; min-height: 0; border-radius: 8px; outline-offset: 2px; position: relative;
  overflow: hidden; }
.picture > .stage:focus-visible { outline: 2px solid var(--st-primary-color, #1f6feb); }
.picture > .stage canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain;
  touch-action: pan-y pinch-zoom; cursor: pointer; }
.picture .back { position: absolute; right: 0; z-index: 2; }
.picture .said { margin: .25rem 0 0; min-height: 2.6em; line-height: 1.3; font-size: .875rem; }
.picture > .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
