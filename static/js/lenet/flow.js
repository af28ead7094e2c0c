// @ts-check
// The farthest zoom: the network as a row of boxes with the shape on every edge, filled as the walk proceeds.

import { el } from '../lib/dom.js';
import { shapeText } from '../lib/shapes.js';

/** @param {import('./walk.js').Walk} walk */
export function flow(walk) {
  const { header, at } = walk;
  const step = header.steps[at];
  const boxes = el('div', { class: 'boxes' });
  const first = header.steps.find(({ phase, in: given }) => phase === 'forward' && given.length);
  if (first) boxes.append(el('span', { class: 'edge' }, `input ${shapeText(first.in[0])} →`));
  header.flow.forEach((box, i) => {
    const last = box.nodes.length ? Math.min(...box.nodes.map((node) => node.step)) : Infinity;
    const state = `${at >= box.step ? ' done' : ''}${at >= last ? ' back' : ''}${step.operation === i ? ' now' : ''}`;
    const origin =
      box.sources.length && !box.sources.includes(i - 1)
        ? `${header.labels.from} ${box.sources.map((k) => header.flow[k].name).join(', ')}`
        : '';
    boxes.append(
      el(
        'div',
        { class: `box${state}` },
        el(
          'button',
          { onclick: () => walk.go(box.step, 2), 'data-operation': i },
          el('b', {}, box.name),
          box.module ? ` ${box.module}` : '',
          origin ? el('div', {}, el('small', {}, origin)) : '',
        ),
        el(
          'div',
          { class: 'nodes' },
          ...box.nodes.map((node) =>
            el(
              'button',
              { onclick: () => walk.go(node.step, 2), 'aria-pressed': String(node.step === at) },
              `← ${node.name}`,
            ),
          ),
        ),
      ),
      el('span', { class: 'edge' }, `→ ${shapeText(box.shape)}${i < header.flow.length - 1 ? ' →' : ''}`),
    );
  });
  return boxes;
}
