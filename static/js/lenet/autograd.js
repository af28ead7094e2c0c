// @ts-check
// The autograd graph from the loss down to the leaves; a click says what a node is and takes the walk to its step.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { shapeText } from '../lib/shapes.js';
import { goTo } from './topics.js';

const NS = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT, ACROSS, DOWN] = [172, 40, 184, 66];
const STYLE = `
.graph { font-family: var(--st-font); color: var(--st-text-color); display: grid; grid-template-columns: minmax(0, 1fr) 230px; gap: 14px;
  font-size: 15px; }
.graph .drawing { overflow: auto; max-height: 640px; border: 1px solid var(--st-border-color); border-radius: 10px; }
.graph svg text { font-family: var(--st-code-font); font-size: 12px; fill: var(--st-text-color); }
.graph svg g[role=button] { cursor: pointer; outline: 2px solid transparent; }
.graph rect { fill: var(--st-secondary-background-color); stroke: var(--st-border-color); stroke-width: 1.5; }
.graph .leaf rect { fill: color-mix(in srgb, #1f6feb 16%, var(--st-background-color)); stroke: #1f6feb; }
.graph .picked rect, .graph g:focus-visible rect { stroke: #d9730d; stroke-width: 3; }
.graph path { fill: none; stroke: #d9730d; stroke-width: 1.5; opacity: .8; }
.graph aside { align-self: start; } .graph aside h4 { margin: 0 0 6px; font-family: var(--st-code-font); overflow-wrap: anywhere; }
.graph aside p { margin: 0 0 8px; } .graph aside li { font-family: var(--st-code-font); font-size: 12.5px; overflow-wrap: anywhere; }
.graph button { font: inherit; color: inherit; background: var(--st-background-color); border: 1px solid var(--st-primary-color);
  border-radius: 8px; padding: 6px 12px; cursor: pointer; min-height: 36px; }
@media (max-width: 800px) { .graph { grid-template-columns: 1fr; } }`;

/**
 * @typedef {import('./payload.js').GraphData} GraphData
 * @typedef {import('./payload.js').NodeFacts} NodeFacts
 */

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
const svg = (tag, attributes, ...children) => {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
};

/**
 * The chain stays in the first column; what hangs beside it takes the columns to its right.
 *
 * @param {NodeFacts[]} nodes
 */
function places(nodes) {
  /** @type {Map<number, Set<number>>} the columns that are taken in each row */
  const used = new Map();
  return nodes.map(({ row, leaf }) => {
    const first = leaf ? 1 : 0;
    const columns = used.get(row) ?? new Set();
    let column = first;
    while (columns.has(column)) column += 1;
    used.set(row, columns.add(column));
    return [10 + column * ACROSS, 10 + row * DOWN];
  });
}

/** @param {HTMLElement} host @param {GraphData} data */
function draw(host, { nodes, edges, labels }) {
  const at = places(nodes);
  const size = [Math.max(...at.map(([x]) => x)) + WIDTH + 10, Math.max(...at.map(([, y]) => y)) + HEIGHT + 10];
  const picture = svg('svg', { width: size[0], height: size[1], 'aria-label': labels.graph, role: 'group' });
  for (const [from, to] of edges) {
    const [x1, y1] = [at[from][0] + WIDTH / 2, at[from][1] + HEIGHT];
    const [x2, y2] = [at[to][0] + WIDTH / 2, at[to][1]];
    picture.append(svg('path', { d: `M${x1},${y1} C${x1},${y1 + 22} ${x2},${y2 - 22} ${x2},${y2}` }));
  }
  const details = el('aside', { 'aria-live': 'polite' }, labels.pick);
  /** @type {Element[]} */
  const boxes = nodes.map((node, i) => {
    const [x, y] = at[i];
    const label = node.leaf || node.name;
    const size = Math.min(12, (WIDTH - 14) / (label.length * 0.61));
    const text = svg('text', { x: x + 7, y: y + (node.leaf ? 17 : 25), style: `font-size:${size}px` }, label);
    const box = svg(
      'g',
      {
        role: 'button',
        tabindex: 0,
        class: node.leaf ? 'leaf' : 'inner',
        'aria-label': `${node.name} ${node.leaf}`,
      },
      svg('rect', { x, y, width: WIDTH, height: HEIGHT, rx: 8 }),
      text,
    );
    if (node.leaf)
      box.append(
        svg(
          'text',
          { x: x + 7, y: y + 32, style: 'font-size:10.5px' },
          `AccumulateGrad ${shapeText(node.shape ?? [])}`,
        ),
      );
    const pick = () => {
      for (const other of boxes) other.classList.toggle('picked', other === box);
      describe(details, node, labels);
      if (node.step !== null) goTo.send(node.step, false); // the walk is there; the button in the details shows it
    };
    box.addEventListener('click', pick);
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      pick();
    });
    return box;
  });
  picture.append(...boxes);
  host.replaceChildren(
    el('style', {}, STYLE),
    el('div', { class: 'graph' }, el('div', { class: 'drawing' }, picture), details),
  );
}

/** @param {HTMLElement} details @param {NodeFacts} node @param {GraphData['labels']} labels */
function describe(details, node, labels) {
  const { step } = node;
  const saved = node.saved.map(([name, shape, text]) =>
    el('li', {}, shape ? `${name}: ${labels.slot} ${shapeText(shape)}` : `${name} = ${text}`),
  );
  details.replaceChildren(
    el('h4', {}, node.leaf ? `${node.name} · ${node.leaf}` : node.name),
    el('p', {}, node.meaning),
    el('p', {}, el('small', {}, node.leaf ? labels.leaf : labels.inner)),
    saved.length
      ? el('div', {}, el('b', {}, labels.saved), el('ul', {}, ...saved))
      : el('p', {}, labels.nothing_saved),
    step === null ? '' : el('button', { onclick: () => goTo.send(step, true) }, `${labels.go} →`),
  );
}

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<GraphData>} */ { parentElement: host }) => ({
    host,
    signature: '',
  }),
  update(state, { data }) {
    const signature = JSON.stringify(data);
    if (signature === state.signature) return;
    state.signature = signature;
    draw(state.host, data);
  },
  end: ({ host }) => host.replaceChildren(),
});
