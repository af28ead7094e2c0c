// @ts-check
// A drawing as strokes on a square of side 1: what the pad holds, what is sent, and how a digit writes itself.

/** @typedef {number[]} Point @typedef {Point[]} Stroke */

/**
 * The points of all strokes, one after the other: x, y, number of the stroke.
 *
 * @param {Stroke[]} strokes
 */
export const flat = (strokes) =>
  Float32Array.from(strokes.flatMap((stroke, number) => stroke.flatMap(([x, y]) => [x, y, number])));

/** @param {Point} a @param {Point} b */
const distance = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay);

/** @param {Stroke} stroke */
const lengthOf = (stroke) => stroke.slice(1).reduce((sum, point, n) => sum + distance(stroke[n], point), 0);

/** How long the pen goes, in sides of the square. @param {Stroke[]} strokes */
export const length = (strokes) => strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0);

/**
 * The strokes as far as the pen has come after `way`, in sides of the square.
 *
 * @param {Stroke[]} strokes
 * @param {number} way
 * @returns {Stroke[]}
 */
export function upTo(strokes, way) {
  /** @type {Stroke[]} */
  const letters = [];
  let rest = way;
  for (const stroke of strokes) {
    if (rest <= 0) break;
    /** @type {Stroke} */
    const part = [stroke[0]];
    for (const [n, point] of stroke.slice(1).entries()) {
      const step = distance(stroke[n], point);
      const share = step > 0 ? Math.min(1, rest / step) : 1;
      part.push([
        stroke[n][0] + (point[0] - stroke[n][0]) * share,
        stroke[n][1] + (point[1] - stroke[n][1]) * share,
      ]);
      rest -= step;
      if (rest <= 0) break;
    }
    letters.push(part);
  }
  return letters;
}
