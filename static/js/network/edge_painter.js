// @ts-check
// Paints the edges of a network. They change with its weights only, so they are drawn once and kept.

import { contextOf } from '../lib/dom.js';
import { connect, connectInLane, ends, entry, exit } from './connection.js';
import { edgesOf, isBand } from './edges.js';
import { layerAt } from './model.js';

/**
 * @typedef {import('./layout.js').Layout} Layout
 * @typedef {import('./model.js').Reading} Reading
 * @typedef {import('./scene.js').Scene} Scene
 *
 * @typedef {object} LayerEdges the edges to one layer
 * @property {Path2D[]} paths by strength
 * @property {Path2D | null} band that stands for all of them
 * @property {Path2D} bypasses
 * @property {number} alpha
 */

const STRENGTHS = [0.25, 0.5, 0.75, 1]; // edges are drawn in groups
const BAND_ALPHA = 0.07;
const BYPASS = { alpha: 0.45, width: 1.75 };

export class EdgePainter {
  canvas = document.createElement('canvas');
  key = ''; // what the edges are drawn for
  /** @type {LayerEdges[]} */
  layers = [];

  /**
   * Draws the edges again where they are others.
   *
   * @param {Scene} scene
   * @param {{ width: number, height: number }} size of the canvas
   * @param {number} ratio pixels of the screen to one of the page
   */
  set({ reading, layout, theme }, { width, height }, ratio) {
    const { placed } = layout;
    const key = `${reading.header.version} ${reading.shows} ${width}×${height} ${theme.dark} ${placed.length}`;
    if (key === this.key) return;
    this.key = key;
    Object.assign(this.canvas, { width, height });
    this.layers = placed.map(({ place }) => edgesTo(reading, layout, place));
    const context = contextOf(this.canvas);
    context.scale(ratio, ratio);
    for (const edges of this.layers) stroke(context, theme.text, edges, 1);
  }

  /** @param {Scene} scene */
  paint({ context, layout }) {
    context.drawImage(this.canvas, 0, 0, layout.width, layout.height);
  }

  /**
   * Paints the edges to the `n`-th layer over the others.
   *
   * @param {Scene} scene
   * @param {number} n
   * @param {number} strength
   */
  highlight({ context, theme }, n, strength) {
    stroke(context, theme.text, this.layers[n], strength);
  }
}

/** @param {Reading} reading @param {Layout} layout @param {number} place @returns {LayerEdges} */
function edgesTo(reading, layout, place) {
  if (place < 0) return { paths: [], band: null, bypasses: new Path2D(), alpha: 0 };
  const bypasses = bypassesTo(layout, place);
  if (isBand(reading, place))
    return { paths: [], band: bandTo(reading, layout, place), bypasses, alpha: BAND_ALPHA };
  const edges = edgesOf(reading, place).filter(({ layer }) => !isBypass(layout, layer, place));
  const paths = STRENGTHS.map(() => new Path2D());
  const { placed, vertical } = layout;
  for (const { layer, from, to, strength } of edges) {
    const group = Math.max(0, Math.ceil(strength * STRENGTHS.length) - 1);
    const [a, b] = [placed[layer + 1].boxes[from], placed[place + 1].boxes[to]];
    connect(paths[group], exit(a, vertical), entry(b, vertical), vertical);
  }
  return { paths, band: null, bypasses, alpha: Math.min(0.35, 2.2 / Math.sqrt(edges.length)) }; // many are dark enough
}

/**
 * Whether what goes from one layer to another passes others by.
 *
 * @param {Layout} layout
 * @param {number} from
 * @param {number} to
 */
const isBypass = ({ bypasses }, from, to) => bypasses.some((each) => each.from === from && each.to === to);

/** @param {Layout} layout @param {number} place */
function bypassesTo({ placed, bypasses, vertical }, place) {
  const path = new Path2D();
  for (const { from, to, across } of bypasses) {
    if (to === place) connectInLane(path, placed[from + 1].around, placed[to + 1].around, across, vertical);
  }
  return path;
}

/**
 * From the whole of each layer that is read to the whole of the one that reads it.
 *
 * @param {Reading} reading @param {Layout} layout @param {number} place
 */
function bandTo(reading, layout, place) {
  const { placed, vertical } = layout;
  const [band, to] = [new Path2D(), ends(placed[place + 1].boxes, vertical)];
  for (const source of layerAt(reading, place).inputs) {
    if (isBypass(layout, source, place)) continue;
    const from = ends(placed[source + 1].boxes, vertical);
    connect(band, from.first.exit, to.first.entry, vertical);
    band.lineTo(to.last.entry.x, to.last.entry.y);
    connect(band, to.last.entry, from.last.exit, vertical, false);
    band.closePath();
  }
  return band;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {LayerEdges} edges
 * @param {number} strength
 */
function stroke(context, colour, { paths, band, bypasses, alpha: own }, strength) {
  const alpha = own * strength;
  context.strokeStyle = colour;
  context.globalAlpha = Math.min(1, BYPASS.alpha * strength);
  context.lineWidth = BYPASS.width;
  context.stroke(bypasses);
  if (band) {
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.fill(band);
  }
  paths.forEach((path, n) => {
    context.globalAlpha = alpha * STRENGTHS[n];
    context.lineWidth = 0.5 + STRENGTHS[n] * 0.75;
    context.stroke(path);
  });
  context.globalAlpha = 1;
}
