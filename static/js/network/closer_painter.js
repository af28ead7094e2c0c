// @ts-check
// Paints the closer look at one map or unit: the maps that it is made of, their weights and what each adds.

import { brief } from '../lib/numbers.js';
import { connect, entry, exit } from './connection.js';
import { frame, frameCell, paintItem, paintMap } from './item_painter.js';
import { between, centre, rectIn } from './layout.js';
import { hasAnswer } from './model.js';
import { originOf } from './origin.js';
import { partColour } from './origin_painter.js';
import { inside } from './receptive_field.js';
import { FONT } from './scene.js';
import { weightSheet } from './sheet.js';
import { closerOf } from './zoom.js';

/**
 * @typedef {import('./layout.js').Box} Box
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./zoom.js').Closer} Closer
 * @typedef {import('./zoom.js').Source} Source
 */

/**
 * @param {Scene} scene
 * @param {Place} place
 * @param {number} t how much of the way there, from 0 to 1
 * @param {{ more: string, others: string }} words
 */
export function paintCloser(scene, place, t, words) {
  const { context, layout, reading, theme, size } = scene;
  const closer = closerOf(reading, place, layout.width, layout.height);
  const { sources, box, left, signed } = closer;
  const at = layout.placed[place.layer + 1];
  const target = between(at.boxes[place.item], box, t);
  context.font = `${size}px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const bound = Math.max(...sources.flatMap(({ part }) => [...(part.weights ?? [0])].map(Math.abs)));
  for (const source of sources) paintSource(scene, source, { target, signed, bound, t });
  context.globalAlpha = 1;
  paintItem(scene, at, place.item, target);
  context.globalAlpha = t;
  if (at.layer.rows > 1) frameCell(scene, target, at.layer, place.cell, 2);
  context.fillStyle = theme.text;
  context.font = `700 ${size + 4}px ${FONT}`;
  const isOpen = at.layer.kind === 'probabilities' && !hasAnswer(reading);
  const value = isOpen ? '–' : brief(originOf(reading, place).value);
  context.fillText(value, centre(box).x, box.y + box.height + size + 6);
  if (left) paintRest(scene, (signed ? words.more : words.others).replace('{count}', String(left)), closer);
}

/**
 * @param {Scene} scene
 * @param {Source} source
 * @param {{ target: Box, signed: boolean, bound: number, t: number }} closer `bound` is the largest weight
 */
function paintSource(scene, { part, box, weights }, { target, signed, bound, t }) {
  const { context, layout, theme } = scene;
  const from = layout.placed[part.layer + 1];
  const here = between(from.boxes[part.item], box, t);
  const path = new Path2D();
  connect(path, exit(weights ?? here, layout.vertical), entry(target, layout.vertical), layout.vertical);
  context.globalAlpha = t * 0.5;
  context.strokeStyle = partColour(scene, part, signed);
  context.lineWidth = 1;
  context.stroke(path);
  context.globalAlpha = 1;
  paintItem(scene, from, part.item, here);
  context.globalAlpha = t;
  if (from.layer.rows > 1 || from.layer.columns > 1)
    frame(scene, rectIn(here, from.layer, inside(part, from.layer)), 2);
  if (!part.weights) return;
  if (weights) {
    const { sheet, ...map } = weightSheet(part, part.weights, bound, theme);
    paintMap(scene, sheet, map, 0, weights);
  }
  context.fillStyle = theme.text;
  context.fillText(signedText(part.sum), box.x + box.width + 2, box.y + box.height + 10);
}

/**
 * How many sources are not shown: below the others, or, where these stand above the map itself, beside that, where no
 * edge crosses it.
 *
 * @param {Scene} scene @param {string} sentence @param {Closer} closer
 */
function paintRest({ context, layout, size }, sentence, { sources, box }) {
  const lowest = Math.max(...sources.map((source) => source.box.y + source.box.height));
  const leftmost = Math.min(...sources.map((source) => source.box.x));
  const at = layout.vertical ? { x: box.x + box.width + 14, y: centre(box).y } : { x: leftmost, y: lowest + 26 };
  context.font = `${size}px ${FONT}`;
  context.textAlign = 'left';
  context.fillText(sentence, at.x, at.y);
}

/** @param {number} value */
const signedText = (value) => (value < 0 ? brief(value) : `+${brief(value)}`);
