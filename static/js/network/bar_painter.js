// @ts-check
// Paints the probability of one digit as a bar: lying on a wide screen, upright on a narrow one.

import { hasAnswer } from './model.js';
import { FONT } from './scene.js';

/**
 * @typedef {import('./layout.js').Box} Box
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {{ digit: number, share: number, isBest: boolean }} Bar
 */

const LEAST_WRITTEN = { upright: 0.095, lying: 0.005 }; // on a phone ten are narrow

/** @param {Scene} scene @param {number} digit @param {Box} box */
export function paintBar(scene, digit, box) {
  const { context, theme, reading, size, layout } = scene;
  const isBest = reading.header.digit === digit;
  const share = hasAnswer(reading) ? (reading.answer?.values[digit] ?? 0) : 0;
  const bar = { digit, share, isBest };
  const room = (layout.vertical ? box.width : box.height) - 2;
  context.fillStyle = theme.text;
  context.font = `${isBest ? 700 : 400} ${Math.min(size + 3, room)}px ${FONT}`;
  context.textBaseline = 'middle';
  if (layout.vertical) paintUpright(scene, bar, box);
  else paintLying(scene, bar, box);
}

/** @param {Scene} scene @param {Bar} bar @param {Box} box */
function paintUpright(scene, { digit, share, isBest }, { x, y, width, height }) {
  const { context, size } = scene;
  const room = height - 2 * size - 8;
  const top = y + size + room * (1 - share);
  context.textAlign = 'center';
  context.fillText(String(digit), x + width / 2, y + height - size / 2 - 2);
  fillBar(scene, isBest, { x: x + width * 0.2, y: top + 2, width: width * 0.6, height: Math.max(1, room * share) });
  if (share >= LEAST_WRITTEN.upright) context.fillText(percent(share, 0), x + width / 2, top - size / 2, width - 4);
}

/** @param {Scene} scene @param {Bar} bar @param {Box} box */
function paintLying(scene, { digit, share, isBest }, { x, y, width, height }) {
  const { context, size } = scene;
  const room = Math.max(0, width - size - 8 - context.measureText(percent(1)).width); // the longest has its room
  const length = room * share;
  context.textAlign = 'left';
  context.fillText(String(digit), x, y + height / 2);
  fillBar(scene, isBest, {
    x: x + size + 4,
    y: y + height * 0.22,
    width: Math.max(1, length),
    height: height * 0.56,
  });
  if (share >= LEAST_WRITTEN.lying) context.fillText(percent(share), x + size + 8 + length, y + height / 2);
}

/** Where nothing is answered there is no bar. @param {Scene} scene @param {boolean} isBest @param {Box} box */
function fillBar({ context, theme, reading }, isBest, { x, y, width, height }) {
  const alpha = context.globalAlpha;
  context.fillStyle = isBest ? theme.positive : theme.text;
  context.globalAlpha = alpha * (isBest ? 1 : 0.45);
  if (hasAnswer(reading)) context.fillRect(x, y, width, height);
  context.globalAlpha = alpha;
  context.fillStyle = theme.text;
}

/** @param {number} share @param {number} [digits] after the point */
const percent = (share, digits = share < 0.1 ? 1 : 0) =>
  `${share >= 0.9995 ? '100' : (100 * share).toFixed(digits)}%`;
