// @ts-check
// The middle zoom: the tensors of this step, value and gradient side by side in the same layout.

import { el, fill } from '../lib/dom.js';
import { exact, short } from '../lib/numbers.js';
import { shapeText, unravel } from '../lib/shapes.js';
import { TensorGrid } from './tensor_grid.js';
import { boundOf } from './tensor_layout.js';

/** @param {import('./walk.js').Walk} walk */
export function layer(walk) {
  const { header, at, options } = walk;
  const step = header.steps[at];
  const box = el('div', { class: 'tensors' });
  const hidden = options.ask && step.phase === 'forward' && !walk.guessed.has(at);
  box.append(flowLine(walk, step, hidden));
  if (hidden) box.append(guess(walk, step));
  const hover = el('div', { class: 'hover', 'aria-live': 'polite' }, header.labels.click);
  box.append(hover);
  const groups = step.phase === 'forward' || step.phase === 'loss' ? [...step.groups].reverse() : step.groups;
  for (const group of groups)
    if (!(hidden && group.role === 'output')) box.append(groupOf(walk, step, group, hover));
  return box;
}

/** @param {import('./walk.js').Walk} walk */
function flowLine(walk, step, hidden) {
  const { labels } = walk.header;
  const shapes = (list) => list.map((shape) => el('span', { class: 'shape' }, shapeText(shape)));
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

/** @param {import('./walk.js').Walk} walk */
function guess(walk, step) {
  const { labels } = walk.header;
  const right = step.out[0] ?? [];
  const input = el('input', {
    type: 'text',
    inputmode: 'text',
    'aria-label': labels.question,
    class: 'shape-guess',
  });
  const said = el('span', { role: 'status' });
  const asked = walk.at;
  const reveal = () => {
    walk.guessed.add(asked);
    if (walk.at === asked) walk.draw(); // the reader may have walked on meanwhile
  };
  const check = () => {
    const same = input.value.match(/\d+/g)?.map(Number).join() === right.join();
    said.textContent = fill(same ? labels.right : labels.wrong, { shape: shapeText(right) });
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
    said,
  );
}

const ROLES = { input: 'input_role', output: 'output_role', leaf: 'leaf_role', parameter: 'parameter_role' };

/** @param {import('./walk.js').Walk} walk */
function groupOf(walk, step, group, hover) {
  const { labels } = walk.header;
  const role = labels[ROLES[group.role]] ?? group.role;
  const argument =
    ['output', 'input'].includes(group.argument) || group.argument === group.name ? '' : group.argument;
  const facts = [
    role,
    argument,
    group.grad_fn ? `grad_fn=${group.grad_fn}` : group.requires_grad ? 'requires_grad=True' : '',
  ];
  const panes = el('div', { class: 'panes' });
  const grids = [];
  const early = ['forward', 'loss'].includes(step.phase);
  const visible = group.panes.filter(
    ({ kind, tensor }) => !(early && !walk.options.peek && kind !== 'value') || (tensor === null && !early),
  );
  const wide = walk.stageWidth();
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
/** @param {import('./walk.js').Walk} walk */
const supposed = (walk, pane) =>
  pane.kind === 'value' && walk.isSupposed(pane.tensor)
    ? ['what_if', 'before', 'difference'].map((kind) => ({ ...pane, kind }))
    : [pane];

/** @param {import('./walk.js').Walk} walk */
function numbersOf(walk, { kind, tensor }) {
  const before = walk.original(tensor);
  if (kind === 'what_if') return walk.numbers(tensor);
  return kind === 'difference' ? walk.numbers(tensor).map((number, i) => number - before[i]) : before;
}

/** @param {import('./walk.js').Walk} walk */
function paneOf(walk, group, pane, width, grids, hover) {
  const { labels } = walk.header;
  const title = labels[pane.kind === 'after' ? 'after_value' : pane.kind] ?? pane.kind;
  if (pane.tensor === null) return el('div', { class: 'absent' }, title);
  const tensor = walk.header.tensors[pane.tensor];
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
  const form = tensor.form ? ` · ${labels[tensor.form]}` : '';
  const note = form + (tensor.cut ? ` · ${fill(labels.cut, { count: tensor.length })}` : '');
  return el(
    'figure',
    { class: `pane ${pane.kind}` },
    el('figcaption', {}, `${title}${note} `, legend),
    grid.canvas,
  );
}

// Before and after are compared in one scale.
/** @param {import('./walk.js').Walk} walk @param {number} tensor */
const commonBound = (walk, tensor) =>
  walk.isSupposed(tensor)
    ? Math.max(...[walk.numbers(tensor), walk.original(tensor)].map((values) => boundOf(values, 0, values.length)))
    : undefined;

/** @param {Float32Array} values */
function ends(values) {
  const finite = values.filter(Number.isFinite);
  return finite.length ? [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))] : [];
}

// The ends of one map's own scale; of a shared one the caption tells them.
/** @param {import('./walk.js').Walk} walk */
function ofItsMap(walk, grid, flat) {
  if (walk.options.shared || grid.shape.length < 3) return '';
  const size = grid.shape.at(-1) * grid.shape.at(-2);
  const start = flat - (flat % size);
  const map = grid.values.slice(start, start + size);
  return ` (${walk.header.labels.in_map}: ${short(Math.min(...map))} … ${short(Math.max(...map))})`;
}

/** @param {import('./walk.js').Walk} walk */
function listen(walk, grid, grids, group, pane, hover) {
  const { canvas } = grid;
  let cursor = 0;
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${group.name}, ${grid.name}, ${shapeText(group.shape)}`);
  const tell = (flat) => {
    for (const other of grids) other.point(flat);
    if (flat === null) return;
    const { labels } = walk.header;
    const numbers = grids.map(
      (other) =>
        `${labels[other.name === 'after' ? 'after_value' : other.name] ?? other.name} ${exact(other.values[flat])}${ofItsMap(walk, other, flat)}`,
    );
    hover.textContent = `${group.name}[${unravel(flat, grid.shape).join(', ')}]: ${numbers.join(' · ')}`;
  };
  const open = (flat) => flat !== null && pane.ask && walk.open({ ...pane.ask, index: unravel(flat, grid.shape) });
  canvas.addEventListener('pointermove', (event) => tell(grid.at(event)));
  canvas.addEventListener('pointerleave', () => tell(null));
  canvas.addEventListener('click', (event) => open(grid.at(event)));
  canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && tell(cursor));
  canvas.addEventListener('blur', () => tell(null));
  canvas.addEventListener('keydown', (event) => {
    if (event.key.startsWith('Arrow')) {
      cursor = grid.moved(cursor, event.key);
      tell(cursor);
    } else if (event.key === 'Enter') open(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
