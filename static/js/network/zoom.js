// @ts-check
// The closer look at one map or unit: the maps that it is made of, each with its weights, and itself, large.

import { NARROW } from './layout.js';
import { layerAt } from './model.js';
import { originOf } from './origin.js';

/**
 * @typedef {import('./layout.js').Box} Box
 * @typedef {import('./origin.js').Part} Part
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 *
 * @typedef {object} Source
 * @property {Part} part
 * @property {Box} box of the map
 * @property {Box | null} weights
 *
 * @typedef {object} Closer
 * @property {Source[]} sources
 * @property {Box} box of the map or unit itself
 * @property {number} left out: sources that are not shown
 * @property {boolean} signed whether each source adds to the value: then those that are left out add less
 */

const MOST = 12; // sources that are shown
const TEXT = 18; // under each source: what it adds
const MARGIN = 12;
const BACK = 160; // kept free on a narrow screen for the button that leads back, in the lower right corner

/**
 * @param {Reading} reading
 * @param {Place} place
 * @param {number} width
 * @param {number} height
 * @returns {Closer}
 */
export function closerOf(reading, place, width, height) {
  const { parts, way } = originOf(reading, place);
  const signed = way === 'sum';
  const visible = parts.length > MOST && signed ? strongest(parts) : parts.slice(0, MOST);
  const vertical = width < NARROW;
  const share = visible.length > 1 ? 0.62 : 0.5;
  const [w, h] = vertical ? [width, height * share] : [width * share, height];
  const sources = arranged(visible, w, h, visible[0]?.weights ? 2 : 1);
  const area = vertical
    ? { x: 0, y: h, width: width - BACK, height: height - h }
    : { x: w, y: 0, width: width - w, height };
  const box = fitted(area, layerAt(reading, place.layer));
  return { sources, box, left: parts.length - visible.length, signed };
}

/** @param {Part[]} parts the ones that add most, in their own order */
function strongest(parts) {
  const largest = new Set([...parts].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, MOST));
  return parts.filter((part) => largest.has(part));
}

/** @param {Box} area @param {{ rows: number, columns: number }} map @returns {Box} */
function fitted(area, { rows, columns }) {
  const room = Math.min(area.width - 2 * MARGIN, area.height - 2 * MARGIN - 2 * TEXT);
  const most = rows * columns === 1 ? 96 : 420;
  const side = Math.max(24, Math.min(room, most));
  const [width, height] = rows > columns ? [(side * columns) / rows, side] : [side, (side * rows) / columns];
  return { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
}

/** @param {Part[]} parts @param {number} width @param {number} height @param {number} each squares a source takes */
function arranged(parts, width, height, each) {
  if (!parts.length) return [];
  const grids = Array.from({ length: parts.length }, (_, n) => {
    const columns = n + 1;
    const rows = Math.ceil(parts.length / columns);
    const side = Math.min((width / columns - MARGIN) / each - 4, height / rows - TEXT - MARGIN);
    return { columns, rows, side };
  });
  const { columns, rows, side } = grids.reduce((a, b) => (b.side > a.side ? b : a));
  const square = Math.max(8, Math.min(side, parts.length === 1 ? 420 : 150));
  const [cellWidth, cellHeight] = [each * (square + 4) + MARGIN, square + TEXT + MARGIN];
  const [left, top] = [(width - columns * cellWidth) / 2, (height - rows * cellHeight) / 2];
  return parts.map((part, n) => {
    const x = left + (n % columns) * cellWidth + MARGIN / 2;
    const y = top + Math.floor(n / columns) * cellHeight + MARGIN / 2;
    const box = { x, y, width: square, height: square };
    return { part, box, weights: each === 2 ? { ...box, x: x + square + 4 } : null };
  });
}
