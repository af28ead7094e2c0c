// @ts-check
// Paints one map, unit or bar of a network, and the frame around one.

import { paintBar } from './bar_painter.js';
import { rectIn } from './layout.js';
import { cellRect } from './receptive_field.js';

/**
 * @typedef {import('./layout.js').Box} Box
 * @typedef {import('./layout.js').Placed} Placed
 * @typedef {import('./scene.js').Scene} Scene
 */

/** @param {Scene} scene @param {Placed} placed @param {number} item @param {Box} box */
export function paintItem(scene, { place, layer }, item, box) {
  if (layer.kind === 'probabilities') paintBar(scene, item, box);
  else paintMap(scene, scene.sheets[place + 1], layer, item, box);
}

/**
 * @param {Scene} scene
 * @param {HTMLCanvasElement} sheet
 * @param {{ rows: number, columns: number }} map
 * @param {number} item
 * @param {Box} box
 */
export function paintMap({ context, theme }, sheet, { rows, columns }, item, { x, y, width, height }) {
  context.drawImage(sheet, 0, item * rows, columns, rows, x, y, width, height);
  context.lineWidth = 1;
  context.strokeStyle = theme.line;
  if (width > 4) context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

/** @param {Scene} scene @param {Box} box @param {number} width of the line */
export function frame({ context, theme }, { x, y, width: w, height: h }, width) {
  context.lineWidth = width;
  context.strokeStyle = theme.lit;
  context.strokeRect(x - width / 2, y - width / 2, Math.max(2, w + width), Math.max(2, h + width));
}

/**
 * @param {Scene} scene
 * @param {Box} box of the map
 * @param {import('./model.js').Layer} layer
 * @param {number} cell
 * @param {number} width of the line
 */
export const frameCell = (scene, box, layer, cell, width) =>
  frame(scene, rectIn(box, layer, cellRect(layer, cell)), width);
