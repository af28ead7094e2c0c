// @ts-check
// The lines from layer to layer: where they leave a box, where they come in, and how they run between.

/**
 * @typedef {import('./layout.js').Box} Box
 * @typedef {{ x: number, y: number }} Point
 */

/** Where a line leaves a box. @param {Box} box @param {boolean} vertical @returns {Point} */
export const exit = ({ x, y, width, height }, vertical) =>
  vertical ? { x: x + width / 2, y: y + height } : { x: x + width, y: y + height / 2 };

/** Where a line comes in. @param {Box} box @param {boolean} vertical @returns {Point} */
export const entry = ({ x, y, width, height }, vertical) =>
  vertical ? { x: x + width / 2, y } : { x, y: y + height / 2 };

/**
 * Draws a curve that leaves `a` and comes to `b` along the way of the layers.
 *
 * @param {Pick<Path2D, 'moveTo' | 'bezierCurveTo'>} path
 * @param {Point} a
 * @param {Point} b
 * @param {boolean} vertical
 * @param {boolean} [begins] whether the path does not stand at `a` already
 */
export function connect(path, a, b, vertical, begins = true) {
  if (begins) path.moveTo(a.x, a.y);
  if (vertical) path.bezierCurveTo(a.x, (a.y + b.y) / 2, b.x, (a.y + b.y) / 2, b.x, b.y);
  else path.bezierCurveTo((a.x + b.x) / 2, a.y, (a.x + b.x) / 2, b.y, b.x, b.y);
}

/**
 * The corners of a layer where a band leaves it and where one comes in, at its first and at its last end.
 *
 * @param {Box[]} boxes @param {boolean} vertical
 */
export function ends(boxes, vertical) {
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const end = (/** @type {number} */ across) =>
    vertical
      ? { entry: { x: across, y: top }, exit: { x: across, y: bottom } }
      : { entry: { x: left, y: across }, exit: { x: right, y: across } };
  return { first: end(vertical ? left : top), last: end(vertical ? right : bottom) };
}

const BEND = 5; // the radius of a corner
const TIP = 4;

/**
 * Draws a bypass: from the middle of one layer's side into its lane, along it, and to the layer that reads it, with a
 * tip.
 *
 * @param {Pick<Path2D, 'moveTo' | 'arcTo' | 'lineTo'>} path
 * @param {Box} from
 * @param {Box} to
 * @param {number} lane where it runs, across
 * @param {boolean} vertical
 */
export function connectInLane(path, from, to, lane, vertical) {
  const [a, b] = [sideOf(from, vertical), sideOf(to, vertical)];
  const points = [
    [a.along + BEND, a.across],
    [a.along + BEND, lane],
    [b.along - BEND, lane],
    [b.along - BEND, b.across],
  ];
  const [start, first, second, end] = points.map(([along, across]) =>
    vertical ? [across, along] : [along, across],
  );
  path.moveTo(start[0], start[1]);
  path.arcTo(first[0], first[1], second[0], second[1], BEND);
  path.arcTo(second[0], second[1], end[0], end[1], BEND);
  path.lineTo(end[0], end[1]);
  for (const side of [-TIP, TIP]) {
    path.moveTo(end[0], end[1]);
    path.lineTo(end[0] + (vertical ? TIP : side), end[1] + (vertical ? side : TIP));
  }
}

/**
 * Where a layer's side next to the lanes is: the middle of its way, and its end across.
 *
 * @param {Box} around @param {boolean} vertical
 */
const sideOf = ({ x, y, width, height }, vertical) =>
  vertical ? { along: y + height / 2, across: x + width } : { along: x + width / 2, across: y + height };
