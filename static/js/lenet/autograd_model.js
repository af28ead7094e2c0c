// @ts-check
// Where the nodes of the autograd graph stand and how its edges run, in pixels.

/** @typedef {import('./payload.js').NodeFacts} NodeFacts */

export const NODE = { width: 172, height: 40 };
const STEP = { across: 184, down: 66 }; // from the corner of a node to that of the next one
const MARGIN = 10;
const BEND = 22; // how far an edge runs straight down before it turns

/**
 * The corner of each node. The chain stays in the first column; what hangs beside it takes the columns to its right.
 *
 * @param {Pick<NodeFacts, 'row' | 'leaf'>[]} nodes
 * @returns {[x: number, y: number][]}
 */
export function placesOf(nodes) {
  /** @type {Map<number, Set<number>>} the columns that are taken in each row */
  const used = new Map();
  return nodes.map(({ row, leaf }) => {
    const columns = used.get(row) ?? new Set();
    let column = leaf ? 1 : 0;
    while (columns.has(column)) column += 1;
    used.set(row, columns.add(column));
    return [MARGIN + column * STEP.across, MARGIN + row * STEP.down];
  });
}

/** How large the whole graph is. @param {[number, number][]} places */
export const sizeOf = (places) => ({
  width: Math.max(...places.map(([x]) => x)) + NODE.width + MARGIN,
  height: Math.max(...places.map(([, y]) => y)) + NODE.height + MARGIN,
});

/**
 * An edge from the middle of a node's lower side to that of another's upper side, as SVG writes a path.
 *
 * @param {[number, number]} from the corner of a node
 * @param {[number, number]} to
 */
export function edgePath([fromX, fromY], [toX, toY]) {
  const [x1, y1] = [fromX + NODE.width / 2, fromY + NODE.height];
  const [x2, y2] = [toX + NODE.width / 2, toY];
  return `M${x1},${y1} C${x1},${y1 + BEND} ${x2},${y2 - BEND} ${x2},${y2}`;
}

/** The size of type in which a label fits into its node, in pixels. @param {string} label */
export const typeSize = (label) => Math.min(12, (NODE.width - 14) / (label.length * 0.61));
