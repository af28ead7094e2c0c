// @ts-check
// Where the guide stands: beside what it speaks of, inside the window.

const GAP = 12;
const NARROW = 700; // of a window: nothing stands beside anything, the guide keeps to the other end

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 *
 * @param {Box | null} target what it speaks of; null or out of sight: the guide stands in the corner
 * @param {{ width: number, height: number }} card
 * @param {{ width: number, height: number }} window
 * @returns {{ x: number, y: number }}
 */
export function placeOf(target, card, window) {
  const most = { x: window.width - card.width - GAP, y: window.height - card.height - GAP };
  if (!target) return { x: Math.max(0, most.x), y: Math.max(0, most.y) };
  if (window.width < NARROW) {
    const isLow = target.y + target.height / 2 > window.height / 2;
    return { x: Math.max(0, most.x), y: isLow ? GAP : Math.max(0, most.y) };
  }
  const inX = Math.max(GAP, Math.min(target.x, most.x));
  const inY = Math.max(GAP, Math.min(target.y, most.y));
  const ways = [
    { x: target.x - card.width - GAP, y: inY }, // over the menu, where there is one
    { x: inX, y: target.y + target.height + GAP },
    { x: target.x + target.width + GAP, y: inY },
    { x: inX, y: target.y - card.height - GAP },
  ];
  const fits = (/** @type {{ x: number, y: number }} */ { x, y }) =>
    x >= 0 && y >= 0 && x <= most.x + GAP && y <= most.y + GAP;
  return ways.find(fits) ?? { x: Math.max(0, most.x), y: Math.max(0, most.y) };
}
