// @ts-check
// Keeps a drawing in the storage of this tab, and hands it back to a session that has none: after a reload, or when
// the server was restarted.

import * as tabStorage from '../lib/tab_storage.js';

/** @param {string} name of the canvas */
const keyOf = (name) => `stepwise.${name}`;

/**
 * @param {string} name
 * @param {Record<string, unknown>} drawing as the canvas takes it
 * @param {string} stamp of the canvas on which a hand has drawn it
 */
export function keep(name, drawing, stamp) {
  tabStorage.keep(keyOf(name), JSON.stringify({ ...drawing, stamp }));
}

/**
 * Strokes on a square of side 1 as the canvas takes them: a path each.
 *
 * @param {import('../network/strokes.js').Stroke[]} strokes
 * @param {number} side of the canvas in pixels
 * @param {number} pen its width, in parts of the side
 */
export function asObjects(strokes, side, pen) {
  const point = (/** @type {number[]} */ [x, y]) => [
    Math.round(x * side * 100) / 100,
    Math.round(y * side * 100) / 100,
  ];
  const objects = strokes.map((stroke) => ({
    type: 'Path',
    path: stroke.map((each, n) => [n ? 'L' : 'M', ...point(each)]),
    stroke: '#000000',
    strokeWidth: pen * side,
    fill: null,
    strokeLineCap: 'round',
    strokeLineJoin: 'round',
  }));
  return { version: '6.0.0', objects };
}

/** How many strokes a drawing has; what is kept may be anything. @param {Record<string, unknown>} drawing */
const count = ({ objects }) => (Array.isArray(objects) ? objects.length : 0);

/**
 * What is kept is ahead of what the page knows where a hand drew on, on the same canvas, and left at once.
 *
 * @param {Record<string, unknown>} stored @param {Record<string, unknown>} drawing @param {string} stamp
 */
const isAhead = (stored, drawing, stamp) => stored.stamp === stamp && count(stored) > count(drawing);

/** @type {WeakSet<object>} */
const restores = new WeakSet();

/** @param {import('../lib/lifecycle.js').Component<import('./payload.js').StoreData>} component */
export default function ({ data: { name, drawing, stamp }, parentElement, setTriggerValue }) {
  const isNew = !restores.has(parentElement);
  restores.add(parentElement);
  const stored = tabStorage.recallJson(keyOf(name));
  if (drawing && !(isNew && stored && isAhead(stored, drawing, stamp))) keep(name, drawing, stamp);
  else if (stored) setTriggerValue('kept', stored);
}
