// @ts-check
// The receptive field: point at a unit of a layer, and the pixels of the picture that it can see light up.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { Grid, styleOf } from './grid.js';

const STYLE = `
.reach { font-family: var(--st-font); color: var(--st-text-color); border-radius: 6px; outline-offset: 4px; }
.reach:focus-visible { outline: 2px solid var(--st-primary-color); }
.grids { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: .85rem; font-weight: 600; margin-bottom: .25rem; }
canvas { display: block; touch-action: pan-y; cursor: crosshair; }
.says { margin-top: .5rem; font-size: .9rem; min-height: 1.5em; }
`;

export default drawing({ mount, update: (state, { data }) => update(state, data) });

function mount({ parentElement: host }) {
  const root = el('div', { class: 'reach', tabindex: '0', role: 'application' });
  const grids = el('div', 'grids');
  const says = el('div', { class: 'says', 'aria-live': 'polite' });
  const state = { root, says, picture: new Grid('picture', 0), units: new Grid('units', 0), captions: [] };
  for (const grid of [state.picture, state.units]) {
    const caption = el('figcaption');
    state.captions.push(caption);
    grids.append(el('figure', '', caption, grid.canvas));
  }
  root.append(grids, says);
  host.replaceChildren(el('style', '', STYLE), root);
  const take = (event) => {
    const cell = state.units.at(event);
    if (cell) look(state, cell);
  };
  state.units.canvas.addEventListener('pointermove', take);
  state.units.canvas.addEventListener('click', take);
  root.addEventListener('keydown', (event) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    look(
      state,
      state.cell.map((at, side) => Math.max(0, Math.min(state.data.units[side] - 1, at + move[side]))),
    );
  });
  return state;
}

function update(state, data) {
  const text = JSON.stringify(data);
  if (text === state.text) return;
  Object.assign(state, { text, data });
  state.root.setAttribute('aria-label', data.labels.instructions);
  const [picture, units] = state.captions;
  picture.textContent = data.labels.picture;
  units.textContent = data.labels.units;
  const style = styleOf(state.root);
  const room = Math.max(260, state.root.clientWidth || 320);
  const fit = (columns, rows) =>
    Math.max(3, Math.min(22, Math.floor(Math.min(room - 8, 320) / Math.max(columns, rows))));
  const [height, width] = data.size;
  state.picture.set({
    rows: height,
    columns: width,
    values: data.x,
    bound: 1,
    cell: fit(width, height),
    style,
    blank: true,
  });
  const [rows, columns] = data.units;
  const zeros = new Array(rows * columns).fill(0);
  state.units.set({ rows, columns, values: zeros, bound: 1, cell: fit(columns, rows), style, blank: true });
  const middle = [Math.floor(rows / 2), Math.floor(columns / 2)];
  look(state, state.cell?.every((at, side) => at < data.units[side]) ? state.cell : middle);
}

function look(state, cell) {
  const { data } = state;
  state.cell = cell;
  const [rows, columns] = [data.rows[cell[0]], data.columns[cell[1]]];
  const lit = rows.flatMap((row) => columns.map((column) => [row, column]));
  const frame =
    rows.length && columns.length
      ? [rows[0], columns[0], rows[rows.length - 1] - rows[0] + 1, columns[columns.length - 1] - columns[0] + 1]
      : null;
  state.units.paint({ strong: [cell] });
  const whole = frame && lit.length === frame[2] * frame[3]; // with holes, each cell is marked
  state.picture.paint({ lit: whole ? [] : lit, frame });
  const values = { i: cell[0], j: cell[1], rows: rows.length, columns: columns.length, n: lit.length };
  state.says.textContent = fill(data.labels.sees, values);
  state.root.dataset.sees = `${rows.length}x${columns.length}`;
}
