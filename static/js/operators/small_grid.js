// @ts-check
// Small tensors as grids of numbers; pointing at a cell lights the cells it was made of, choosing it opens it.
//
// data: {revision, tensors: [{name, title, shape, values, row, sources: [[[tensor number, cell], ...] per cell] | null}],
//        cell: {tensor, at}, labels}. Sets the state `cell` to {revision, tensor, at}.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { cellText } from '../lib/numbers.js';
import { inkOn, signed } from '../lib/palette.js';
import { unravel } from '../lib/shapes.js';

const STYLE = `
.grid { font-family: var(--st-font); color: var(--st-text-color); }
.grid-row { display: flex; flex-wrap: wrap; gap: .8rem 1.6rem; align-items: flex-start; margin-bottom: .9rem; }
.grid-row h3 { flex: 0 0 100%; margin: 0; font-size: .9rem; }
.grid-tensor h4 { margin: 0 0 .25rem; font: 600 .82rem var(--st-code-font); }
.grid-tensor h4 small { font-weight: 400; opacity: .75; margin-left: .5rem; }
.grid-slices { display: flex; flex-wrap: wrap; gap: .5rem; }
.grid-slice small { font: .7rem var(--st-code-font); opacity: .7; display: block; }
.grid-cells { display: grid; gap: 2px; width: max-content; }
.grid-cells > * { font: .76rem var(--st-code-font); min-width: 3.3rem; padding: .35rem .3rem; border: 0; border-radius: .2rem;
  text-align: right; font-variant-numeric: tabular-nums; box-sizing: border-box; }
.grid-cells button { cursor: pointer; }
.grid-cells .lit { outline: 3px solid #e0a800; outline-offset: -1px; position: relative; z-index: 1; }
.grid-cells .open { outline: 3px solid var(--st-primary-color); outline-offset: 0; position: relative; z-index: 2; }
.grid-cells button:focus-visible { box-shadow: 0 0 0 2px var(--st-background-color), 0 0 0 5px var(--st-primary-color); z-index: 3; position: relative; }
.grid-scroll { overflow-x: auto; padding: 4px; }
.grid-hint { font-size: .82rem; opacity: .8; min-height: 1.3rem; margin: 0 0 .4rem; }
`;

function oneTensor(state, tensor, number) {
  const box = el('div', 'grid-tensor');
  const heading = el('h4', '', tensor.title);
  heading.append(el('small', '', `(${tensor.shape.join(', ')}${tensor.shape.length === 1 ? ',' : ''})`));
  const { shape, values } = tensor;
  const columns = shape.at(-1) ?? 1;
  const rows = shape.length > 1 ? shape.at(-2) : 1;
  const bound = Math.max(...values.filter(Number.isFinite).map(Math.abs), 1e-12);
  const slices = el('div', 'grid-slices');
  const cells = [];
  for (let start = 0; start < values.length; start += rows * columns) {
    const slice = el('div', 'grid-slice');
    if (shape.length > 2) slice.append(el('small', '', `[${unravel(start, shape).slice(0, -2).join(', ')}]`));
    const table = el('div', 'grid-cells');
    table.style.gridTemplateColumns = `repeat(${columns}, auto)`;
    for (let at = start; at < start + rows * columns; at += 1) {
      cells[at] = oneCell(state, tensor, number, at, bound);
      table.append(cells[at]);
    }
    slice.append(table);
    slices.append(slice);
  }
  if (tensor.sources && cells.length) cells[0].tabIndex = 0;
  state.cells[number] = cells;
  const scroll = el('div', 'grid-scroll');
  scroll.append(slices);
  box.append(heading, scroll);
  box.onkeydown = (event) => walk(event, cells, columns);
  return box;
}

function oneCell(state, tensor, number, at, bound) {
  const value = tensor.values[at];
  const cell = el(tensor.sources ? 'button' : 'span', '', cellText(value));
  cell.style.background = signed(Number.isFinite(value) ? value : 0, bound);
  cell.style.color = inkOn(value, bound);
  const where = `${tensor.title}[${unravel(at, tensor.shape).join(', ')}]`;
  cell.title = `${where} = ${value}`;
  if (!tensor.sources) return cell;
  cell.tabIndex = -1;
  cell.setAttribute('aria-label', `${where} ${cellText(value)}`);
  cell.onpointerenter = () => light(state, number, at);
  cell.onfocus = () => light(state, number, at);
  cell.onpointerleave = () => light(state);
  cell.onblur = () => light(state);
  cell.onclick = () => {
    state.open = { tensor: number, at };
    light(state);
    state.set('cell', { revision: state.data.revision, tensor: tensor.name, at });
  };
  return cell;
}

function walk(event, cells, columns) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  const at = cells.indexOf(event.target);
  if (!step || at < 0 || !cells[at + step]) return;
  event.preventDefault();
  cells[at].tabIndex = -1;
  cells[at + step].tabIndex = 0;
  cells[at + step].focus();
}

// Light the cells that cell `at` of tensor `number` was made of; without arguments, those of the opened cell.
function light(state, number = state.open?.tensor, at = state.open?.at) {
  for (const cells of state.cells) for (const cell of cells) cell.classList.remove('lit', 'open');
  if (number === undefined) return;
  state.cells[number]?.[at]?.classList.add('open');
  for (const [tensor, from] of state.data.tensors[number]?.sources?.[at] ?? [])
    state.cells[tensor]?.[from]?.classList.add('lit');
}

function build(state) {
  const { data, root } = state;
  state.cells = [];
  const rows = data.labels.rows.map((title) => {
    const row = el('div', 'grid-row');
    row.append(el('h3', '', title));
    return row;
  });
  for (const [number, tensor] of data.tensors.entries()) rows[tensor.row].append(oneTensor(state, tensor, number));
  root.replaceChildren(el('style', '', STYLE), el('p', 'grid-hint', data.labels.hint), ...rows);
}

// Open the cell that Python names: the one chosen here, or the address's after a link or the back button.
function show(state) {
  const { tensors, cell } = state.data;
  const open = { tensor: tensors.findIndex(({ name }) => name === cell.tensor), at: cell.at };
  if (open.tensor === state.open?.tensor && open.at === state.open.at) return;
  state.open = open;
  light(state);
}

export default drawing({
  mount({ parentElement }) {
    const state = { root: el('div', 'grid'), open: null };
    parentElement.append(state.root);
    return state;
  },
  update(state, { data, setStateValue }) {
    state.set = setStateValue;
    state.data = data;
    const signature = JSON.stringify([data.tensors, data.labels]);
    if (signature !== state.signature) {
      state.signature = signature;
      build(state);
      state.open = null;
    }
    show(state);
  },
  end: (state) => state.root.remove(),
});
