// @ts-check
// The middle zoom: the tensors of this step, value and gradient side by side in the same layout.

import { el, fill } from '../lib/dom.js';
import { exact, short } from '../lib/numbers.js';
import { shapeText, unravel } from '../lib/shapes.js';
import { TensorGrid } from './tensor_grid.js';
import { boundOf } from './tensor_layout.js';

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').StepData} StepData
 * @typedef {import('./payload.js').GroupData} GroupData
 * @typedef {import('./payload.js').PaneData} PaneData
 * @typedef {PaneData & { tensor: number }} Drawn
 */

/** @param {Walk} walk */
export function layer(walk) {
  const { at, options } = walk;
  const { steps, labels, groups } = walk.step;
  const step = steps[at];
  const box = el('div', { class: 'tensors' });
  const hidden = options.ask && step.phase === 'forward' && !walk.guessed.has(at);
  box.append(flowLine(walk, step, hidden));
  if (hidden) box.append(guess(walk, step));
  const hover = el('div', { class: 'hover', 'aria-live': 'polite' }, labels.click);
  box.append(hover);
  const isForward = step.phase === 'forward' || step.phase === 'loss';
  for (const group of isForward ? [...groups[at]].reverse() : groups[at])
    if (!(hidden && group.role === 'output')) box.append(groupOf(walk, step, group, hover));
  return box;
}

/** @param {Walk} walk @param {StepData} step @param {boolean} hidden whether the reader guesses first */
function flowLine(walk, step, hidden) {
  const { labels } = walk.step;
  const shapes = (/** @type {number[][]} */ list) =>
    list.map((shape) => el('span', { class: 'shape' }, shapeText(shape)));
  if (!step.in.length && !step.out.length) return '';
  return el(
    'div',
    { class: 'flowline' },
    el('span', {}, labels.reads),
    ...shapes(step.in),
    el('span', {}, '→'),
    el('b', {}, step.name),
    el('span', {}, `→ ${labels.gives}`),
    ...(hidden ? [el('span', { class: 'shape' }, '?')] : shapes(step.out)),
  );
}

/** @param {Walk} walk @param {StepData} step */
function guess(walk, step) {
  const { labels } = walk.step;
  const right = step.out[0] ?? [];
  const input = el('input', {
    type: 'text',
    inputmode: 'text',
    'aria-label': labels.question,
    class: 'shape-guess',
  });
  const status = el('span', { role: 'status' });
  const stepOfQuestion = walk.at;
  const reveal = () => {
    walk.guessed.add(stepOfQuestion);
    if (walk.at === stepOfQuestion) walk.draw(); // the reader may have walked on meanwhile
  };
  const check = () => {
    const same = input.value.match(/\d+/g)?.map(Number).join() === right.join();
    status.textContent = fill(same ? labels.right : labels.wrong, { shape: shapeText(right) });
    setTimeout(reveal, 1200);
  };
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') check();
  });
  return el(
    'div',
    { class: 'guess' },
    el('b', {}, labels.question),
    input,
    el('button', { onclick: check }, labels.check),
    el('button', { onclick: reveal }, labels.reveal),
    status,
  );
}

/** @type {Record<string, 'input_role' | 'output_role' | 'leaf_role' | 'parameter_role'>} */
const ROLES = { input: 'input_role', output: 'output_role', leaf: 'leaf_role', parameter: 'parameter_role' };

/** @param {Walk} walk @param {StepData} step @param {GroupData} group @param {HTMLElement} hover */
function groupOf(walk, step, group, hover) {
  const { labels } = walk.step;
  const role = labels[ROLES[group.role]] ?? group.role;
  const argument =
    ['output', 'input'].includes(group.argument) || group.argument === group.name ? '' : group.argument;
  const facts = [
    role,
    argument,
    group.grad_fn ? `grad_fn=${group.grad_fn}` : group.requires_grad ? 'requires_grad=True' : '',
  ];
  const panes = el('div', { class: 'panes' });
  /** @type {TensorGrid[]} */
  const grids = [];
  const early = ['forward', 'loss'].includes(step.phase);
  const visible = group.panes.filter(
    ({ kind, tensor }) => !(early && !walk.options.peek && kind !== 'value') || (tensor === null && !early),
  );
  const wide = walk.stage.width();
  const beside = Math.max(visible.length, group.panes.length > 1 && !early ? 2 : 1);
  const width = beside > 1 && wide > 400 ? wide / beside - 16 : wide;
  for (const pane of visible.flatMap((each) => supposed(walk, each)))
    panes.append(paneOf(walk, group, pane, width, grids, hover));
  if (early && !walk.options.peek && group.requires_grad && group.role === 'output')
    panes.append(el('div', { class: 'absent' }, labels.later));
  return el(
    'section',
    { class: 'group', 'data-name': group.name, 'data-role': group.role },
    el(
      'header',
      {},
      el('b', {}, group.name),
      el('span', { class: 'shape' }, shapeText(group.shape)),
      el('small', {}, facts.filter(Boolean).join(' · ')),
    ),
    panes,
  );
}

// In a what-if a tensor that follows from it is drawn with what it was, and the difference.
/** @param {Walk} walk @param {PaneData} pane @returns {PaneData[]} */
const supposed = (walk, pane) =>
  pane.kind === 'value' && pane.tensor !== null && walk.numbers.isSupposed(pane.tensor)
    ? ['what_if', 'before', 'difference'].map((kind) => ({ ...pane, kind }))
    : [pane];

/** @param {Walk} walk @param {Drawn} pane */
function numbersOf(walk, { kind, tensor }) {
  const before = walk.numbers.original(tensor);
  if (kind === 'what_if') return walk.numbers.of(tensor);
  return kind === 'difference' ? walk.numbers.of(tensor).map((number, i) => number - before[i]) : before;
}

/** @param {Walk} walk @param {string} kind of a pane, or of its grid */
const kindOf = (walk, kind) => walk.labels[kind === 'after' ? 'after_value' : kind] ?? kind;

/**
 * @param {Walk} walk
 * @param {GroupData} group
 * @param {PaneData} paneData
 * @param {number} width
 * @param {TensorGrid[]} grids
 * @param {HTMLElement} hover
 */
function paneOf(walk, group, paneData, width, grids, hover) {
  const title = kindOf(walk, paneData.kind);
  if (paneData.tensor === null) return el('div', { class: 'absent' }, title);
  const pane = { ...paneData, tensor: paneData.tensor };
  const tensor = walk.step.tensors[pane.tensor];
  const small = tensor.length <= 12;
  const values = numbersOf(walk, pane);
  const [min, max] = ['what_if', 'difference'].includes(pane.kind) ? ends(values) : [tensor.min, tensor.max];
  const grid = new TensorGrid({
    values,
    shape: tensor.shape,
    width,
    shared: walk.options.shared,
    height: group.role === 'parameter' ? 130 : 230,
    most: small ? 44 : 24,
    name: pane.kind,
    bound: ['what_if', 'before'].includes(pane.kind) ? commonBound(walk, pane.tensor) : undefined,
  });
  grids.push(grid);
  listen(walk, grid, grids, group, pane, hover);
  const legend = el('span', { class: 'legend' }, short(min ?? NaN), el('i', {}), short(max ?? NaN));
  const form = tensor.form ? ` · ${walk.labels[tensor.form]}` : '';
  const note = form + (tensor.cut ? ` · ${fill(walk.step.labels.cut, { count: tensor.length })}` : '');
  return el(
    'figure',
    { class: `pane ${pane.kind}` },
    el('figcaption', {}, `${title}${note} `, legend),
    grid.canvas,
  );
}

// Before and after are compared in one scale.
/** @param {Walk} walk @param {number} tensor */
const commonBound = (walk, tensor) =>
  walk.numbers.isSupposed(tensor)
    ? Math.max(
        ...[walk.numbers.of(tensor), walk.numbers.original(tensor)].map((values) =>
          boundOf(values, 0, values.length),
        ),
      )
    : undefined;

/** @param {Float32Array} values */
function ends(values) {
  const finite = values.filter(Number.isFinite);
  return finite.length ? [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))] : [];
}

// The ends of one map's own scale; of a shared one the caption tells them.
/** @param {Walk} walk @param {TensorGrid} grid @param {number} flat */
function ofItsMap(walk, grid, flat) {
  if (walk.options.shared || grid.shape.length < 3) return '';
  const { size } = grid.layout.maps;
  const start = flat - (flat % size);
  const map = grid.values.slice(start, start + size);
  return ` (${walk.step.labels.in_map}: ${short(Math.min(...map))} … ${short(Math.max(...map))})`;
}

/**
 * @param {Walk} walk @param {TensorGrid} grid @param {TensorGrid[]} grids @param {GroupData} group @param {Drawn} pane
 * @param {HTMLElement} hover
 */
function listen(walk, grid, grids, group, pane, hover) {
  const { canvas } = grid;
  let cursor = 0;
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${group.name}, ${kindOf(walk, grid.name)}, ${shapeText(group.shape)}`);
  const tell = (/** @type {number | null} */ flat) => {
    for (const other of grids) other.point(flat);
    if (flat === null) return;
    const numbers = grids.map(
      (other) => `${kindOf(walk, other.name)} ${exact(other.values[flat])}${ofItsMap(walk, other, flat)}`,
    );
    hover.textContent = `${group.name}[${unravel(flat, grid.shape).join(', ')}]: ${numbers.join(' · ')}`;
  };
  const open = (/** @type {number | null} */ flat) =>
    flat !== null && pane.ask && walk.open({ ...pane.ask, index: unravel(flat, grid.shape) });
  canvas.addEventListener('pointermove', (event) => tell(grid.at(event)));
  canvas.addEventListener('pointerleave', () => tell(null));
  canvas.addEventListener('click', (event) => open(grid.at(event)));
  canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && tell(cursor));
  canvas.addEventListener('blur', () => tell(null));
  canvas.addEventListener('keydown', (event) => {
    if (event.key.startsWith('Arrow')) {
      cursor = grid.layout.moved(cursor, event.key);
      tell(cursor);
    } else if (event.key === 'Enter') open(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
