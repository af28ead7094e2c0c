// @ts-check
// Paints what a value is made of: frames around its parts, and an edge from each, as thick as what it adds.

import { connect, entry, exit } from './connection.js';
import { frame, frameCell } from './item_painter.js';
import { rectIn } from './layout.js';
import { fieldOf, inside } from './receptive_field.js';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./origin.js').Part} Part
 */

const HAS_CELLS = new Set(['maps', 'image']);

/** @param {Scene} scene @param {Place} place @param {import('./origin.js').Origin} origin @param {number} alpha */
export function paintOrigin(scene, place, { parts, way }, alpha) {
  const { layout, reading } = scene;
  const { layer, boxes } = layout.placed[place.layer + 1];
  const most = Math.max(...parts.map(({ sum }) => Math.abs(sum)), 1e-12);
  for (const part of parts) paintPart(scene, part, boxes[place.item], way === 'sum' ? most : null, alpha);
  const image = layout.placed[0];
  if (place.layer >= 0 && image.layer.kind === 'image' && reading.shows !== 'weights')
    frame(scene, rectIn(image.boxes[0], image.layer, fieldOf(reading, place)), 2);
  frame(scene, boxes[place.item], 2);
  if (HAS_CELLS.has(layer.kind)) frameCell(scene, boxes[place.item], layer, place.cell, 1.5);
}

/**
 * @param {Scene} scene
 * @param {Part} part
 * @param {import('./layout.js').Box} target
 * @param {number | null} most what the largest part of a sum adds; null for what is no sum
 * @param {number} alpha
 */
function paintPart(scene, part, target, most, alpha) {
  const { context, layout } = scene;
  const { layer, boxes } = layout.placed[part.layer + 1];
  const box = boxes[part.item];
  const share = most ? Math.abs(part.sum) / most : 0.4;
  const path = new Path2D();
  connect(path, exit(box, layout.vertical), entry(target, layout.vertical), layout.vertical);
  context.strokeStyle = partColour(scene, part, most !== null);
  context.globalAlpha = alpha * (0.25 + 0.75 * share);
  context.lineWidth = 0.75 + 2.5 * share;
  context.stroke(path);
  context.globalAlpha = alpha;
  if (HAS_CELLS.has(layer.kind)) frame(scene, rectIn(box, layer, inside(part, layer)), 1.5);
}

/** The colour of what a part adds to a sum. @param {Scene} scene @param {Part} part @param {boolean} isSum */
export function partColour({ theme }, { sum }, isSum) {
  if (!isSum) return theme.text;
  return sum < 0 ? theme.negative : theme.positive;
}
