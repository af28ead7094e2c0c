// @ts-check
// The autograd graph from the loss down to the leaves; a click says what a node is and takes the walk to its step.

import { el, svg } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { shapeText } from '../lib/shapes.js';
import { edgePath, NODE, placesOf, sizeOf, typeSize } from './autograd_model.js';
import { goTo } from './topics.js';

/**
 * @typedef {import('./payload.js').GraphData} GraphData
 * @typedef {import('./payload.js').NodeFacts} NodeFacts
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<GraphData>} */ { parentElement }) =>
    new AutogradGraph(parentElement),
  update: (graph, { data }) => graph.update(data),
  end: (graph) => graph.host.replaceChildren(),
});

class AutogradGraph {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.content = '';
    this.details = el('aside', { 'aria-live': 'polite' });
    /** @type {SVGElement[]} */
    this.boxes = [];
  }

  /** @param {GraphData} data */
  update(data) {
    const content = JSON.stringify(data);
    if (content === this.content) return;
    this.content = content;
    this.draw(data);
  }

  /** @param {GraphData} data */
  draw({ nodes, edges, labels }) {
    const places = placesOf(nodes);
    const picture = svg('svg', { ...sizeOf(places), 'aria-label': labels.graph, role: 'group' });
    this.boxes = nodes.map((node, i) => this.box(node, places[i], labels));
    picture.append(
      ...edges.map(([from, to]) => svg('path', { d: edgePath(places[from], places[to]) })),
      ...this.boxes,
    );
    this.details.replaceChildren(labels.pick);
    const graph = el('div', 'graph', el('div', 'drawing', picture), this.details);
    this.host.replaceChildren(el('style', {}, STYLE), graph);
  }

  /**
   * A node that can be pressed.
   *
   * @param {NodeFacts} node
   * @param {[number, number]} place
   * @param {GraphData['labels']} labels
   */
  box(node, place, labels) {
    const box = boxOf(node, place);
    const pick = () => {
      for (const other of this.boxes) other.classList.toggle('picked', other === box);
      this.details.replaceChildren(...detailsOf(node, labels));
      if (node.step !== null) goTo.send(node.step, false); // the walk is there; the button in the details shows it
    };
    box.addEventListener('click', pick);
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      pick();
    });
    return box;
  }
}

/** @param {NodeFacts} node @param {[number, number]} place */
function boxOf({ name, leaf, shape }, [x, y]) {
  const label = leaf || name;
  const style = `font-size:${typeSize(label)}px`;
  const box = svg(
    'g',
    { role: 'button', tabindex: 0, class: leaf ? 'leaf' : 'inner', 'aria-label': `${name} ${leaf}` },
    svg('rect', { x, y, ...NODE, rx: 8 }),
    svg('text', { x: x + 7, y: y + (leaf ? 17 : 25), style }, label),
  );
  const adds = `AccumulateGrad ${shapeText(shape ?? [])}`;
  if (leaf) box.append(svg('text', { x: x + 7, y: y + 32, style: 'font-size:10.5px' }, adds));
  return box;
}

/**
 * What a node is, what it saved for its backward, and the way to its step.
 *
 * @param {NodeFacts} node
 * @param {GraphData['labels']} labels
 */
function detailsOf({ name, leaf, meaning, saved, step }, labels) {
  const items = saved.map(([key, shape, text]) =>
    el('li', {}, shape ? `${key}: ${labels.slot} ${shapeText(shape)}` : `${key} = ${text}`),
  );
  return [
    el('h4', {}, leaf ? `${name} · ${leaf}` : name),
    el('p', {}, meaning),
    el('p', {}, el('small', {}, leaf ? labels.leaf : labels.inner)),
    items.length
      ? el('div', {}, el('b', {}, labels.saved), el('ul', {}, ...items))
      : el('p', {}, labels.nothing_saved),
    step === null ? '' : el('button', { onclick: () => goTo.send(step, true) }, `${labels.go} →`),
  ];
}

const STYLE = `
.graph { font-family: var(--st-font); color: var(--st-text-color); font-size: 15px;
  display: grid; grid-template-columns: minmax(0, 1fr) 230px; gap: 14px; }
.graph .drawing { overflow: auto; max-height: 640px; border: 1px solid var(--st-border-color); border-radius: 10px; }
.graph svg text { font-family: var(--st-code-font); font-size: 12px; fill: var(--st-text-color); }
.graph svg g[role=button] { cursor: pointer; outline: 2px solid transparent; }
.graph rect { fill: var(--st-secondary-background-color); stroke: var(--st-border-color); stroke-width: 1.5; }
.graph .leaf rect { fill: color-mix(in srgb, #1f6feb 16%, var(--st-background-color)); stroke: #1f6feb; }
.graph .picked rect, .graph g:focus-visible rect { stroke: #d9730d; stroke-width: 3; }
.graph path { fill: none; stroke: #d9730d; stroke-width: 1.5; opacity: .8; }
.graph aside { align-self: start; }
.graph aside h4 { margin: 0 0 6px; font-family: var(--st-code-font); overflow-wrap: anywhere; }
.graph aside p { margin: 0 0 8px; }
.graph aside li { font-family: var(--st-code-font); font-size: 12.5px; overflow-wrap: anywhere; }
.graph button { font: inherit; color: inherit; background: var(--st-background-color);
  border: 1px solid var(--st-primary-color); border-radius: 8px; padding: 6px 12px; cursor: pointer; min-height: 36px; }
@media (max-width: 800px) { .graph { grid-template-columns: 1fr; } }
`;
