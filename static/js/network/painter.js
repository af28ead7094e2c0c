// @ts-check
// Paints a reading on a canvas: the whole network, what a place is made of, and the closer look at one map.

import { contextOf } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';
import { colour } from './colours.js';
import { between, centre, rectIn } from './layout.js';
import { edgesOf, fieldOf, hasAnswer, inside, isBand, lastOf, layerAt, madeOf } from './model.js';
import { linesOf, shorten } from './names.js';
import { closerOf } from './zoom.js';

/**
 * @typedef {import('./colours.js').Theme} Theme
 * @typedef {import('./layout.js').Box} Box
 * @typedef {import('./layout.js').Layout} Layout
 * @typedef {import('./layout.js').Placed} Placed
 * @typedef {import('./model.js').Part} Part
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 *
 * @typedef {{ paths: Path2D[], band: Path2D | null, bypasses: Path2D, alpha: number }} Edges
 *
 * @typedef {object} Look what of the reading is looked at
 * @property {Place | null} place
 * @property {number} closer from 0, the whole network, to 1, the closer look at `place`
 * @property {number} wave layers up to this one are reached by what flows through; the others are faint
 * @property {boolean} [back] whether it flows back: then layers down to this one are reached
 * @property {number | null} [now] the layer at which something is happening
 */

const FONT = 'system-ui, "Noto Sans CJK SC", sans-serif';
const FAINT = 0.25;
const LEAST_NAME = 0.6; // how dark the name of a layer is that is not reached: it can be read
const BAND = 0.07; // how dark a band is that stands for all the edges to a layer
const BYPASS = { alpha: 0.45, width: 1.75, bend: 5, tip: 4 };
const STRENGTHS = [0.25, 0.5, 0.75, 1]; // edges are drawn in groups

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = contextOf(canvas);
    /** @type {HTMLCanvasElement[]} the maps of each layer, one under the other */
    this.sheets = [];
    this.edges = document.createElement('canvas');
    this.edgesKey = ''; // what the edges are drawn for
    /** @type {Edges[]} the edges to each layer */
    this.edgesTo = [];
    /** @type {{ reading: Reading, layout: Layout, theme: Theme, size: number } | null} what is painted */
    this.content = null;
    this.ratio = 1; // pixels of the screen to one of the page
    this.over = 1; // how dark the whole network is: 0 under a closer look
    /** @type {{ image: string, more: string, others: string, short: Record<string, string> }} */
    this.words = { image: '', more: '', others: '', short: {} };
  }

  /** What is painted; `set` comes before all that asks for it. */
  get now() {
    if (!this.content) throw new Error('nothing is to be painted yet');
    return this.content;
  }

  get reading() {
    return this.now.reading;
  }

  get layout() {
    return this.now.layout;
  }

  get theme() {
    return this.now.theme;
  }

  get size() {
    return this.now.size;
  }

  /**
   * Takes over what is to be painted; `size` is that of a name in pixels.
   *
   * @param {Reading} reading @param {Layout} layout @param {Theme} theme @param {number} size
   */
  set(reading, layout, theme, size) {
    this.content = { reading, layout, theme, size };
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(layout.width * ratio), Math.round(layout.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.ratio = ratio;
    layout.placed.forEach((placed, n) => {
      this.sheets[n] = this.sheet(placed, this.sheets[n]);
    });
    const key = `${reading.header.version} ${reading.shows} ${width}×${height} ${theme.dark} ${layout.placed.length}`;
    if (key !== this.edgesKey) this.drawEdges();
    this.edgesKey = key;
  }

  /** @param {Placed} placed @param {HTMLCanvasElement} [canvas] */
  sheet({ layer }, canvas = document.createElement('canvas')) {
    const [width, height] = [layer.columns, layer.rows * layer.count];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    if (layer.kind === 'probabilities') return canvas;
    const context = contextOf(canvas);
    const picture = context.createImageData(width, height);
    if (layer.kind === 'image') {
      const paper = Math.min(...layer.values);
      colour(picture.data, layer.values, paper, Math.max(1e-6, Math.max(...layer.values) - paper), this.theme.ink);
    } else colour(picture.data, layer.values, 0, layer.bound, this.theme.signed);
    context.putImageData(picture, 0, 0);
    return canvas;
  }

  // The edges change with the weights only, so they are drawn once and kept.
  drawEdges() {
    Object.assign(this.edges, { width: this.canvas.width, height: this.canvas.height });
    this.edgesTo = this.layout.placed.map(({ place }) =>
      place < 0 ? { paths: [], band: null, bypasses: new Path2D(), alpha: 0 } : this.pathsTo(place),
    );
    const context = contextOf(this.edges);
    context.scale(this.ratio, this.ratio);
    for (const edges of this.edgesTo) this.strokeEdges(context, edges, 1);
  }

  /** @param {number} place @returns {Edges} */
  pathsTo(place) {
    const bypasses = this.bypassesTo(place);
    if (isBand(this.reading, place)) return { paths: [], band: this.bandTo(place), bypasses, alpha: BAND };
    const edges = edgesOf(this.reading, place).filter(({ layer }) => !this.isPassing(layer, place));
    const paths = STRENGTHS.map(() => new Path2D());
    const alpha = Math.min(0.35, 2.2 / Math.sqrt(edges.length)); // many lines together are dark enough
    const to = this.layout.placed[place + 1].boxes;
    for (const edge of edges) {
      const from = this.layout.placed[edge.layer + 1].boxes[edge.from];
      const group = Math.max(0, Math.ceil(edge.strength * STRENGTHS.length) - 1);
      line(paths[group], this.exit(from), this.entry(to[edge.to]), this.layout.vertical);
    }
    return { paths, band: null, bypasses, alpha };
  }

  /** Whether what goes from one layer to another passes others by. @param {number} from @param {number} to */
  isPassing(from, to) {
    return this.layout.bypasses.some((each) => each.from === from && each.to === to);
  }

  // From the middle of a layer's end into its lane, along it, and to the layer that reads it, with a tip.
  /** @param {number} place */
  bypassesTo(place) {
    const { placed, bypasses, vertical } = this.layout;
    const path = new Path2D();
    for (const { from, across } of bypasses.filter(({ to }) => to === place)) {
      const [a, b] = [from, place].map((at) => sideOf(placed[at + 1].around, vertical));
      const { bend, tip } = BYPASS;
      const points = [
        [a.along + bend, a.across],
        [a.along + bend, across],
        [b.along - bend, across],
        [b.along - bend, b.across],
      ];
      const [start, first, second, end] = points.map(([along, side]) => (vertical ? [side, along] : [along, side]));
      path.moveTo(start[0], start[1]);
      path.arcTo(first[0], first[1], second[0], second[1], bend);
      path.arcTo(second[0], second[1], end[0], end[1], bend);
      path.lineTo(end[0], end[1]);
      for (const side of [-tip, tip]) {
        path.moveTo(end[0], end[1]);
        path.lineTo(end[0] + (vertical ? tip : side), end[1] + (vertical ? side : tip));
      }
    }
    return path;
  }

  // From the whole of each layer that is read to the whole of the one that reads it.
  /** @param {number} place */
  bandTo(place) {
    const { placed, vertical } = this.layout;
    const [band, to] = [new Path2D(), ends(placed[place + 1].boxes, vertical)];
    for (const source of layerAt(this.reading, place).inputs.filter((each) => !this.isPassing(each, place))) {
      const from = ends(placed[source + 1].boxes, vertical);
      line(band, from.first.exit, to.first.entry, vertical);
      band.lineTo(to.last.entry.x, to.last.entry.y);
      line(band, to.last.entry, from.last.exit, vertical, false);
      band.closePath();
    }
    return band;
  }

  /** @param {CanvasRenderingContext2D} context @param {Edges} edges @param {number} strength */
  strokeEdges(context, { paths, band, bypasses, alpha: own }, strength) {
    const alpha = own * strength;
    context.globalAlpha = Math.min(1, BYPASS.alpha * strength);
    context.strokeStyle = this.theme.text;
    context.lineWidth = BYPASS.width;
    context.stroke(bypasses);
    if (band) {
      context.globalAlpha = alpha;
      context.fillStyle = this.theme.text;
      context.fill(band);
    }
    paths.forEach((path, n) => {
      context.globalAlpha = alpha * STRENGTHS[n];
      context.strokeStyle = this.theme.text;
      context.lineWidth = 0.5 + STRENGTHS[n] * 0.75;
      context.stroke(path);
    });
    context.globalAlpha = 1;
  }

  /** @param {Box} box */
  exit({ x, y, width, height }) {
    return this.layout.vertical ? { x: x + width / 2, y: y + height } : { x: x + width, y: y + height / 2 };
  }

  /** @param {Box} box */
  entry({ x, y, width, height }) {
    return this.layout.vertical ? { x: x + width / 2, y } : { x, y: y + height / 2 };
  }

  /** @param {Look} look */
  paint(look) {
    const { context, layout } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, layout.width, layout.height);
    context.imageSmoothingEnabled = false;
    this.over = 1 - look.closer;
    if (this.over > 0) this.whole(look);
    if (look.place && look.closer > 0) this.closer(look.place, look.closer);
    context.globalAlpha = 1;
  }

  /** @param {Look} look */
  whole({ place, wave, closer, back = false, now = null }) {
    const { context, layout, reading } = this;
    const origin = place && closer === 0 ? madeOf(reading, place) : null;
    const lit = new Set(origin?.parts.map(({ layer, item }) => `${layer} ${item}`));
    if (place) lit.add(`${place.layer} ${place.item}`).add('-1 0');
    context.globalAlpha = this.over * (origin ? 0.4 : 1);
    context.drawImage(this.edges, 0, 0, layout.width, layout.height);
    layout.placed.forEach((placed, n) => {
      const near = 1 - Math.abs(placed.place + 0.5 - wave);
      if (near > 0 && wave < layout.placed.length) this.strokeEdges(context, this.edgesTo[n], 2 * near);
      const isGiven = back && (placed.place < 0 || placed.layer.kind === 'probabilities');
      const arrived = (back ? placed.place - wave : wave - placed.place) + 1;
      const reached = isGiven ? 1 : Math.max(0.08, Math.min(1, arrived));
      for (const [item, box] of placed.boxes.entries()) {
        context.globalAlpha = this.over * reached * (!origin || lit.has(`${placed.place} ${item}`) ? 1 : FAINT);
        this.item(placed, item, box);
      }
      context.globalAlpha = this.over * Math.max(LEAST_NAME, reached);
      this.name(placed);
      if (placed.place === now) this.frame(placed.around, 2);
    });
    context.globalAlpha = this.over;
    if (origin && place) this.madeOf(place, origin.parts, origin.way === 'sum');
  }

  /** @param {Placed} placed @param {number} item @param {Box} box */
  item({ place, layer }, item, box) {
    if (layer.kind === 'probabilities') this.bar(item, box);
    else this.map(this.sheets[place + 1], layer, item, box);
  }

  /** @param {HTMLCanvasElement} sheet @param {{ rows: number, columns: number }} size @param {number} item @param {Box} box */
  map(sheet, { rows, columns }, item, { x, y, width, height }) {
    this.context.drawImage(sheet, 0, item * rows, columns, rows, x, y, width, height);
    this.context.lineWidth = 1;
    this.context.strokeStyle = this.theme.line;
    if (width > 4) this.context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }

  /** @param {number} digit @param {Box} box */
  bar(digit, { x, y, width, height }) {
    const { context, theme, reading, size } = this;
    const share = hasAnswer(reading) ? (reading.answer?.values[digit] ?? 0) : 0;
    const best = reading.header.digit === digit;
    const alpha = context.globalAlpha;
    context.fillStyle = theme.text;
    context.font = `${best ? 700 : 400} ${Math.min(size + 3, (this.layout.vertical ? width : height) - 2)}px ${FONT}`;
    context.textBaseline = 'middle';
    if (this.layout.vertical) {
      const room = height - 2 * size - 8;
      context.textAlign = 'center';
      context.fillText(String(digit), x + width / 2, y + height - size / 2 - 2);
      context.fillStyle = best ? theme.positive : theme.text;
      context.globalAlpha = alpha * (best ? 1 : 0.45);
      if (hasAnswer(reading))
        context.fillRect(
          x + width * 0.2,
          y + size + 2 + room * (1 - share),
          width * 0.6,
          Math.max(1, room * share),
        );
      context.globalAlpha = alpha;
      context.fillStyle = theme.text;
      const up = y + size + room * (1 - share) - size / 2;
      if (share >= 0.095) context.fillText(percent(share, 0), x + width / 2, up, width - 4); // on a phone ten are narrow
      return;
    }
    const room = Math.max(0, width - size - 8 - context.measureText(percent(1)).width); // the longest has its room
    context.textAlign = 'left';
    context.fillText(String(digit), x, y + height / 2);
    context.fillStyle = best ? theme.positive : theme.text;
    context.globalAlpha = alpha * (best ? 1 : 0.45);
    if (hasAnswer(reading))
      context.fillRect(x + size + 4, y + height * 0.22, Math.max(1, room * share), height * 0.56);
    context.globalAlpha = alpha;
    context.fillStyle = theme.text;
    if (share >= 0.005) context.fillText(percent(share), x + size + 8 + room * share, y + height / 2);
  }

  /** @param {Placed} placed */
  name(placed) {
    const { context, theme, size, layout } = this;
    const lines = this.linesOf(placed);
    context.fillStyle = theme.text;
    context.font = `${size}px ${FONT}`;
    context.textAlign = layout.vertical ? 'left' : 'center';
    context.textBaseline = 'middle';
    const { label } = placed;
    const { x, y } = centre(label);
    const high = (lines.length - 1) * (size + 1);
    const most = (layout.vertical ? layout.height : label.height) - high - 0.7 * size; // no name leaves the picture
    const first = Math.max(0.7 * size, Math.min(y - high / 2, most));
    lines.forEach((line, n) => {
      context.fillText(line, layout.vertical ? 0 : x, first + n * (size + 1));
    });
  }

  /** The name of a layer as it is written, in lines. @param {Placed} placed */
  linesOf({ layer, label }) {
    const { layout, size } = this;
    const room = layout.vertical ? label.width : label.width - 2;
    const lines = linesOf(layer, layout.vertical, this.words);
    return lines.map((line) => shorten(line, room, (text) => this.widthOf(text, size)));
  }

  /** The whole name of a layer that is cut; else an empty text. @param {Placed} placed */
  cutName(placed) {
    const whole = linesOf(placed.layer, this.layout.vertical, this.words).join(' ');
    return this.linesOf(placed).join(' ') === whole ? '' : whole;
  }

  /** How wide the longest name is. @param {import('./model.js').Layer[]} layers @param {number} size */
  longest(layers, size) {
    return Math.max(
      ...layers.flatMap((layer) => linesOf(layer, true, this.words)).map((name) => this.widthOf(name, size)),
    );
  }

  /** @param {string} text @param {number} size */
  widthOf(text, size) {
    this.context.font = `${size}px ${FONT}`;
    return this.context.measureText(text).width;
  }

  /**
   * Frames what a place is made of, and draws the edges to it.
   *
   * @param {Place} place @param {Part[]} parts @param {boolean} signed
   */
  madeOf(place, parts, signed) {
    const { context, layout, theme, reading } = this;
    const at = layout.placed[place.layer + 1];
    const target = at.boxes[place.item];
    const most = Math.max(...parts.map(({ sum }) => Math.abs(sum)), 1e-12);
    for (const part of parts) {
      const from = layout.placed[part.layer + 1];
      const box = rectIn(from.boxes[part.item], from.layer, inside(part, from.layer));
      const share = signed ? Math.abs(part.sum) / most : 0.4;
      const path = new Path2D();
      line(path, this.exit(from.boxes[part.item]), this.entry(target), layout.vertical);
      context.strokeStyle = signed ? (part.sum < 0 ? theme.negative : theme.positive) : theme.text;
      context.globalAlpha = this.over * (0.25 + 0.75 * share);
      context.lineWidth = 0.75 + 2.5 * share;
      context.stroke(path);
      context.globalAlpha = this.over;
      if (from.layer.kind === 'maps' || from.layer.kind === 'image') this.frame(box, 1.5);
    }
    const { layer, boxes } = layout.placed[0];
    if (place.layer >= 0 && layer.kind === 'image' && reading.shows !== 'weights') {
      this.frame(rectIn(boxes[0], layer, fieldOf(reading, place)), 2);
    }
    this.frame(target, 2);
    if (at.layer.kind === 'maps' || at.layer.kind === 'image')
      this.frame(this.cellBox(target, at.layer, place.cell), 1.5);
  }

  /** @param {Box} box @param {{ rows: number, columns: number }} layer @param {number} cell */
  cellBox(box, layer, cell) {
    const [top, left] = [Math.floor(cell / layer.columns), cell % layer.columns];
    return rectIn(box, layer, { top, left, height: 1, width: 1 });
  }

  /** @param {Box} box @param {number} width */
  frame({ x, y, width: w, height: h }, width) {
    this.context.lineWidth = width;
    this.context.strokeStyle = this.theme.lit;
    this.context.strokeRect(x - width / 2, y - width / 2, Math.max(2, w + width), Math.max(2, h + width));
  }

  /**
   * The closer look, `t` of the way there.
   *
   * @param {Place} place @param {number} t
   */
  closer(place, t) {
    const { context, layout, reading, theme, size } = this;
    const { sources, box, left, signed } = closerOf(reading, place, layout.width, layout.height);
    const at = layout.placed[place.layer + 1];
    const target = between(at.boxes[place.item], box, t);
    const bound = Math.max(...sources.flatMap(({ part }) => [...(part.weights ?? [0])].map(Math.abs)));
    context.font = `${size}px ${FONT}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { part, box: there, weights } of sources) {
      const from = layout.placed[part.layer + 1];
      const here = between(from.boxes[part.item], there, t);
      context.globalAlpha = t * 0.5;
      const path = new Path2D();
      line(path, this.exit(weights ?? here), this.entry(target), layout.vertical);
      context.strokeStyle = !signed ? theme.text : part.sum < 0 ? theme.negative : theme.positive;
      context.lineWidth = 1;
      context.stroke(path);
      context.globalAlpha = 1;
      this.item(from, part.item, here);
      context.globalAlpha = t;
      if (from.layer.rows > 1 || from.layer.columns > 1)
        this.frame(rectIn(here, from.layer, inside(part, from.layer)), 2);
      if (weights && part.weights) this.weights(part, weights, bound);
      context.fillStyle = theme.text;
      if (part.weights)
        context.fillText(signedText(part.sum), there.x + there.width + 2, there.y + there.height + 10);
    }
    context.globalAlpha = 1;
    this.item(at, place.item, target);
    context.globalAlpha = t;
    if (at.layer.rows > 1) this.frame(this.cellBox(target, at.layer, place.cell), 2);
    context.fillStyle = theme.text;
    context.font = `700 ${size + 4}px ${FONT}`;
    const isOpen = at.layer.kind === 'probabilities' && !hasAnswer(reading);
    const value = isOpen ? '–' : brief(madeOf(reading, place).value);
    context.fillText(value, centre(box).x, box.y + box.height + size + 6);
    if (left) this.more(signed ? this.words.more : this.words.others, left, sources, box);
  }

  // Below the sources, or, where these stand above the map itself, beside that: no edge crosses it there.
  /** @param {string} words @param {number} count @param {import('./zoom.js').Source[]} sources @param {Box} box */
  more(words, count, sources, box) {
    const lowest = Math.max(...sources.map((source) => source.box.y + source.box.height));
    const leftmost = Math.min(...sources.map((source) => source.box.x));
    const at = this.layout.vertical
      ? { x: box.x + box.width + 14, y: centre(box).y }
      : { x: leftmost, y: lowest + 26 };
    this.context.font = `${this.size}px ${FONT}`;
    this.context.textAlign = 'left';
    this.context.fillText(words.replace('{count}', String(count)), at.x, at.y);
  }

  /** @param {Part} part @param {Box} box @param {number} bound */
  weights(part, box, bound) {
    const weights = /** @type {Float32Array} */ (part.weights);
    const columns = Math.max(1, Math.ceil(part.width / part.dilation));
    const rows = Math.max(1, Math.round(weights.length / columns));
    const sheet = document.createElement('canvas');
    Object.assign(sheet, { width: columns, height: rows });
    const context = contextOf(sheet);
    const picture = context.createImageData(columns, rows);
    colour(picture.data, weights, 0, bound, this.theme.signed);
    context.putImageData(picture, 0, 0);
    this.map(sheet, { rows, columns }, 0, box);
  }
}

/** @param {number} share @param {number} [digits] after the point */
const percent = (share, digits = share < 0.1 ? 1 : 0) =>
  `${share >= 0.9995 ? '100' : (100 * share).toFixed(digits)}%`;

/** @param {number} value */
const signedText = (value) => (value < 0 ? brief(value) : `+${brief(value)}`);

/**
 * The corners of a layer where a band leaves it and where one comes in, at its first and at its last end.
 *
 * @param {Box[]} boxes @param {boolean} vertical
 */
function ends(boxes, vertical) {
  const [left, right] = [Math.min(...boxes.map(({ x }) => x)), Math.max(...boxes.map(({ x, width }) => x + width))];
  const [top, bottom] = [
    Math.min(...boxes.map(({ y }) => y)),
    Math.max(...boxes.map(({ y, height }) => y + height)),
  ];
  const end = (/** @type {number} */ across) =>
    vertical
      ? { entry: { x: across, y: top }, exit: { x: across, y: bottom } }
      : { entry: { x: left, y: across }, exit: { x: right, y: across } };
  return { first: end(vertical ? left : top), last: end(vertical ? right : bottom) };
}

/**
 * Where a layer's side next to the lanes is: the middle of its way, and its end across.
 *
 * @param {Box} around @param {boolean} vertical
 */
const sideOf = ({ x, y, width, height }, vertical) =>
  vertical ? { along: y + height / 2, across: x + width } : { along: x + width / 2, across: y + height };

/**
 * @param {Path2D} path @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b
 * @param {boolean} vertical @param {boolean} [begins] whether the path does not stand at `a` already
 */
function line(path, a, b, vertical, begins = true) {
  if (begins) path.moveTo(a.x, a.y);
  if (vertical) path.bezierCurveTo(a.x, (a.y + b.y) / 2, b.x, (a.y + b.y) / 2, b.x, b.y);
  else path.bezierCurveTo((a.x + b.x) / 2, a.y, (a.x + b.x) / 2, b.y, b.x, b.y);
}

/** Layers of a reading, the image first and the probabilities last. @param {Reading} reading */
export const layersOf = (reading) => Array.from({ length: lastOf(reading) + 2 }, (_, n) => layerAt(reading, n - 1));
