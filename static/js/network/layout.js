// @ts-check
// Where each map, unit and bar of a network stands: layer after layer along one direction, its maps across it.
//
// "Along" is to the right on a wide screen and downwards on a narrow one. All maps of one scale, the largest that fits.
// What passes layers by, as a skip connection or a branch does, goes around them: in lanes beside the maps.

import { clampIndex } from '../lib/shapes.js';

/**
 * @typedef {import('./model.js').Layer} Layer
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 *
 * @typedef {object} Placed a layer on the screen
 * @property {number} place of the layer: -1 is the image
 * @property {Layer} layer
 * @property {Box[]} boxes of its maps, units or bars
 * @property {Box} around all of them
 * @property {Box} label where its name is written
 *
 * @typedef {object} Bypass what goes from a layer to one that is not the next
 * @property {number} from place of a layer
 * @property {number} to
 * @property {number} lane 0 is next to the maps
 * @property {number} across where it runs beside the maps
 *
 * @typedef {object} Layout
 * @property {Placed[]} placed
 * @property {Bypass[]} bypasses
 * @property {boolean} vertical
 * @property {number} width
 * @property {number} height
 */

const PER_ROW = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32]; // maps across, at most
export const NARROW = 500; // a screen that is less wide is laid out from the top down
const UNIT = 14; // the largest unit
const GAP = 3; // between maps
const NARROWEST = { across: 12, down: 10 }; // between layers: room for the edges
const WIDEST = { across: 64, down: 34 };
const LABEL = { across: 30, down: 52 }; // height of the names over the layers, least width of those beside them
const BESIDE = 6; // between the longest name and the maps
const MOST_LABEL = 0.3; // of the width: a longer name is cut
const BARS = { across: 96, down: 74 };
const BARS_ON_WIDE = { share: 0.11, most: 132 }; // of the width: letters are larger there
const IMAGE = 1.75; // the image against a map of the same size
const LANE = 11; // from one bypass to the next
const MOST_BYPASSES = 5; // lanes; what finds none shares the outermost
const LEAST_LABEL = { across: 36, down: 13 }; // so that a name is not written over the next one, where there is room

/** @param {Layer} layer how large a map is drawn against one of 28 cells */
const relative = ({ rows, columns }) => Math.min(1, Math.max(0.42, (Math.max(rows, columns) / 28) ** 0.45));

/**
 * @param {Layer[]} layers the image, the layers in their order, and the probabilities
 * @param {number} width
 * @param {number} height
 * @param {number} [longest] how wide the longest name is
 * @returns {Layout}
 */
export function layoutOf(layers, width, height, longest = 0) {
  const vertical = width < NARROW;
  const room = vertical ? { along: height, across: width } : { along: width, across: height };
  const beside = Math.max(LABEL.down, Math.min(Math.ceil(longest) + 4 + BESIDE, MOST_LABEL * width));
  const label = vertical ? beside : LABEL.across;
  const passing = bypassesOf(layers);
  const beyond = LANE * Math.max(0, ...passing.map(({ lane }) => lane + 1));
  const inner = { ...room, across: room.across - beyond };
  const best = PER_ROW.map((perRow) => fitted(layers, perRow, inner, label, vertical)).reduce((a, b) =>
    b.scale > a.scale ? b : a,
  );
  const bypasses = passing.map((each) => ({ ...each, across: inner.across + LANE * (each.lane + 0.5) }));
  return { placed: place(layers, best, inner, label), bypasses, vertical, width, height };
}

/**
 * What passes layers by, the shortest next to the maps; two that are side by side have lanes of their own.
 *
 * @param {Layer[]} layers the image first
 * @returns {Omit<Bypass, 'across'>[]}
 */
export function bypassesOf(layers) {
  const pairs = layers.flatMap(({ inputs }, n) =>
    [...new Set(inputs)].filter((from) => from < n - 2).map((from) => ({ from, to: n - 1 })),
  );
  pairs.sort((a, b) => a.to - a.from - (b.to - b.from));
  /** @type {Omit<Bypass, 'across'>[]} */
  const placed = [];
  for (const pair of pairs) {
    const beside = new Set(
      placed.filter(({ from, to }) => from < pair.to && pair.from < to).map(({ lane }) => lane),
    );
    let lane = 0;
    while (beside.has(lane) && lane < MOST_BYPASSES - 1) lane += 1;
    placed.push({ ...pair, lane });
  }
  return placed;
}

/**
 * @typedef {{ along: number, across: number }} Room
 *
 * @typedef {object} Rules how layers are laid out
 * @property {number} perRow maps across, at most
 * @property {number} across the room across, without the names
 * @property {number} least how much of the way a layer takes at least
 * @property {number} bars how much of the way the probabilities take
 * @property {boolean} vertical
 *
 * @typedef {object} Fit
 * @property {Rules} rules
 * @property {number} scale of a map of 28 cells
 * @property {number} gap between layers
 */

/**
 * The largest scale at which all layers fit, with at most `perRow` maps across.
 *
 * @param {Layer[]} layers
 * @param {number} perRow
 * @param {Room} room
 * @param {number} label
 * @param {boolean} vertical
 * @returns {Fit}
 */
function fitted(layers, perRow, room, label, vertical) {
  const gaps = layers.length - 1;
  const narrowest = vertical ? NARROWEST.down : NARROWEST.across;
  const widest = vertical ? WIDEST.down : WIDEST.across;
  const across = room.across - label;
  const bars = vertical
    ? BARS.down
    : Math.max(BARS.across, Math.min(BARS_ON_WIDE.share * room.along, BARS_ON_WIDE.most));
  const rules = { perRow, across, least: leastOf(layers, room, vertical), bars, vertical };
  const length = (/** @type {number} */ scale) =>
    layers.reduce((sum, layer) => sum + sizeOf(layer, scale, rules).along, 0);
  const fits = (/** @type {number} */ scale) =>
    length(scale) + gaps * narrowest <= room.along &&
    layers.every((layer) => sizeOf(layer, scale, rules).across <= across);
  let [low, high] = [0, 90];
  for (let n = 0; n < 24; n += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  const free = (room.along - length(low)) / Math.max(1, gaps);
  return { rules, scale: low, gap: Math.min(widest, Math.max(narrowest, free)) };
}

/**
 * How much of the way each layer takes at least.
 *
 * @param {Layer[]} layers
 * @param {Room} room
 * @param {boolean} vertical
 */
const leastOf = ({ length: count }, room, vertical) => {
  if (!vertical) return Math.min(LEAST_LABEL.across, room.along / count / 1.7);
  const free = room.along - BARS.down - NARROWEST.down * (count - 1); // most of it is for the maps
  return Math.max(0, Math.min(LEAST_LABEL.down, free / count / 3));
};

/**
 * How a layer is laid out: the side of one map or unit, how many stand in a row across, from one to the next, and how
 * large it all is.
 *
 * @param {Layer} layer
 * @param {number} scale
 * @param {Rules} rules
 */
function sizeOf(layer, scale, { perRow, across, least, bars, vertical }) {
  if (layer.kind === 'probabilities') {
    const step = Math.min(vertical ? 34 : 30, across / layer.count);
    return { side: step, inRow: layer.count, step, along: bars, across: step * layer.count };
  }
  const units = layer.kind === 'units';
  const side = units
    ? Math.min(UNIT, Math.max(3, scale * 0.4))
    : scale * relative(layer) * (layer.kind === 'image' ? IMAGE : 1);
  const gap = units ? 1 : GAP;
  const most = units ? Math.max(1, Math.floor(across / (side + gap))) : perRow;
  const rows = Math.ceil(layer.count / Math.min(layer.count, most));
  const inRow = Math.ceil(layer.count / rows); // as many in each
  const along = Math.max(rows * (side + gap) - gap, least);
  return { side, inRow, step: side + gap, along, across: inRow * (side + gap) - gap };
}

/**
 * @param {Layer[]} layers
 * @param {Fit} fit
 * @param {Room} room
 * @param {number} label
 * @returns {Placed[]}
 */
function place(layers, { rules, scale, gap }, room, label) {
  const { across, vertical } = rules;
  const sizes = layers.map((layer) => sizeOf(layer, scale, rules));
  const whole = sizes.reduce((sum, { along }) => sum + along, 0) + gap * (layers.length - 1);
  let at = Math.max(0, (room.along - whole) / 2);
  return layers.map((layer, n) => {
    const { side, inRow, step, along, across: extent } = sizes[n];
    const rows = Math.ceil(layer.count / inRow);
    const inner = at + (along - ((rows - 1) * step + side)) / 2;
    const first = label + (across - extent) / 2;
    const boxes = Array.from({ length: layer.count }, (_, item) => {
      const [row, slot] = [Math.floor(item / inRow), item % inRow];
      return layer.kind === 'probabilities'
        ? boxOf(at, first + slot * step, along, step, vertical)
        : boxOf(inner + row * step, first + slot * step, side, side, vertical);
    });
    const around = boxOf(at, first, along, extent, vertical);
    const name = boxOf(at - gap / 2, 0, along + gap, label - 4, vertical);
    at += along + gap;
    return { place: n - 1, layer, boxes, around, label: name };
  });
}

/**
 * @param {number} along
 * @param {number} across
 * @param {number} long
 * @param {number} wide
 * @param {boolean} vertical
 * @returns {Box}
 */
const boxOf = (along, across, long, wide, vertical) =>
  vertical
    ? { x: across, y: along, width: wide, height: long }
    : { x: along, y: across, width: long, height: wide };

/**
 * The layer whose name is written at a point.
 *
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {Placed | null}
 */
export const namedAt = ({ placed }, x, y) => placed.find(({ label }) => contains(label, x, y)) ?? null;

/**
 * What stands at a point: the layer and the map or unit, and the cell of the map.
 *
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {import('./model.js').Place | null}
 */
export function hit({ placed }, x, y) {
  for (const { place: layer, layer: at, boxes } of placed) {
    const item = boxes.findIndex((box) => contains(box, x, y, at.kind === 'units' ? 1 : GAP / 2));
    if (item >= 0) return { layer, item, cell: cellIn(boxes[item], at, x, y) };
  }
  return null;
}

/**
 * Whether a point is in a box.
 *
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @param {number} [margin] around it
 */
export const contains = (box, x, y, margin = 0) =>
  x >= box.x - margin && x < box.x + box.width + margin && y >= box.y - margin && y < box.y + box.height + margin;

/**
 * The cell of a map that is drawn in `box` at a point.
 *
 * @param {Box} box
 * @param {{ rows: number, columns: number }} map
 * @param {number} x
 * @param {number} y
 */
export function cellIn(box, { rows, columns }, x, y) {
  const row = clampIndex(Math.floor(((y - box.y) / box.height) * rows), rows);
  const column = clampIndex(Math.floor(((x - box.x) / box.width) * columns), columns);
  return row * columns + column;
}

/**
 * Where the cells from row `top` and column `left` on are drawn.
 *
 * @param {Box} box
 * @param {{ rows: number, columns: number }} map
 * @param {import('./receptive_field.js').Rect} rect
 * @returns {Box}
 */
export function rectIn(box, { rows, columns }, { top, left, height, width }) {
  const [across, down] = [box.width / columns, box.height / rows];
  return { x: box.x + left * across, y: box.y + top * down, width: width * across, height: height * down };
}

/** @param {Box} box */
export const centre = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/**
 * Between two boxes, `t` from 0 to 1 of the way.
 *
 * @param {Box} a
 * @param {Box} b
 * @param {number} t
 * @returns {Box}
 */
export const between = (a, b, t) => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
  width: a.width + (b.width - a.width) * t,
  height: a.height + (b.height - a.height) * t,
});
