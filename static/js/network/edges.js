// @ts-check
// The edges of a network: which map or unit goes into which, and how strong the weights between them are. Pure.

import { layerAt } from './model.js';
import { partsFrom } from './origin.js';

const MOST_EDGES = 4000; // to one layer: more lines than that are one grey

/** @typedef {import('./model.js').Reading} Reading */

/**
 * What goes where: each map or unit of a layer with each one that it reads, and how strong the weights between are,
 * from 0 to 1.
 *
 * @param {Reading} reading
 * @param {number} place
 * @returns {{ layer: number, from: number, to: number, strength: number }[]}
 */
export function edgesOf(reading, place) {
  const to = layerAt(reading, place);
  const edges = Array.from({ length: to.count }, (_, item) => item).flatMap((item) =>
    to.inputs.flatMap((source, n) =>
      partsFrom(reading, to, { layer: place, item, cell: 0 }, source, n).map((part) => ({
        layer: part.layer,
        from: part.item,
        to: item,
        strength: part.weights ? Math.hypot(...part.weights) : 0,
      })),
    ),
  );
  const most = Math.max(...edges.map(({ strength }) => strength), 1e-12);
  return edges.map((edge) => ({ ...edge, strength: to.weight ? edge.strength / most : 0.5 }));
}

/**
 * Whether everything goes into each map or unit of a layer and nothing tells one edge from another: then what goes
 * there is one band, not a line for each.
 *
 * @param {Reading} reading
 * @param {number} place
 * @returns {boolean}
 */
export function isBand(reading, place) {
  const to = layerAt(reading, place);
  const edges = to.inputs.reduce(
    (sum, source, n) =>
      sum + partsFrom(reading, to, { layer: place, item: 0, cell: 0 }, source, n).length * to.count,
    0,
  );
  return edges > MOST_EDGES || (!to.weight && edges > to.inputs.length * to.count);
}
