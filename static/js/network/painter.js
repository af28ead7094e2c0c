// @ts-check
// Paints a reading on a canvas: the whole network with what a place is made of, or the closer look at one map.

import { contextOf } from '../lib/dom.js';
import { paintCloser } from './closer_painter.js';
import { EdgePainter } from './edge_painter.js';
import { frame, paintItem } from './item_painter.js';
import { NamePainter } from './name_painter.js';
import { originOf } from './origin.js';
import { paintOrigin } from './origin_painter.js';
import { layerSheet } from './sheet.js';

/**
 * @typedef {import('./layout.js').Placed} Placed
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./scene.js').Scene} Scene
 *
 * @typedef {object} Look what of the reading is looked at
 * @property {Place | null} place
 * @property {number} closer from 0, the whole network, to 1, the closer look at `place`
 * @property {number} wave layers up to this one are reached by what flows through; the others are faint
 * @property {boolean} [back] whether it flows back: then layers down to this one are reached
 * @property {number | null} [now] the layer at which something is happening
 */

const FAINT = 0.25;
const FAINT_EDGES = 0.4;
const UNREACHED = 0.08; // how dark a layer is that is not reached
const LEAST_NAME = 0.6; // how dark its name is: it can be read

export class Painter {
  /** @type {HTMLCanvasElement[]} the maps of each layer, one under the other */
  sheets = [];
  edges = new EdgePainter();
  /** @type {Scene | null} what is painted */
  scene = null;
  ratio = 1; // pixels of the screen to one of the page
  /** @type {{ image: string, more: string, others: string, short: Record<string, string> }} */
  words = { image: '', more: '', others: '', short: {} };

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = contextOf(canvas);
    this.names = new NamePainter(this.context);
  }

  /** @param {Painter['words']} words in the language of the page */
  rename(words) {
    this.words = words;
    this.names.words = words;
  }

  /**
   * Takes over what is to be painted.
   *
   * @param {Omit<Scene, 'context' | 'sheets'>} content
   */
  set(content) {
    const { layout, theme } = content;
    const ratio = window.devicePixelRatio || 1;
    const size = { width: Math.round(layout.width * ratio), height: Math.round(layout.height * ratio) };
    if (this.canvas.width !== size.width || this.canvas.height !== size.height) Object.assign(this.canvas, size);
    this.ratio = ratio;
    this.sheets = layout.placed.map(({ layer }, n) => layerSheet(layer, theme, this.sheets[n]));
    this.scene = { ...content, context: this.context, sheets: this.sheets };
    this.edges.set(this.scene, size, ratio);
  }

  /** The whole name of a layer that is cut; else an empty text. @param {Placed} placed */
  cutName(placed) {
    return this.scene ? this.names.cutName(this.scene, placed) : '';
  }

  /** @param {Look} look */
  paint(look) {
    const { context, scene } = this;
    if (!scene) throw new Error('nothing is to be painted yet');
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, scene.layout.width, scene.layout.height);
    context.imageSmoothingEnabled = false;
    if (look.closer < 1) this.paintWhole(scene, look);
    if (look.place && look.closer > 0) paintCloser(scene, look.place, look.closer, this.words);
    context.globalAlpha = 1;
  }

  /** @param {Scene} scene @param {Look} look */
  paintWhole(scene, look) {
    const { context, layout, reading } = scene;
    const { place } = look;
    const alpha = 1 - look.closer;
    const origin = place && look.closer === 0 ? originOf(reading, place) : null;
    const lit = new Set(origin?.parts.map(({ layer, item }) => `${layer} ${item}`));
    if (place) lit.add(`${place.layer} ${place.item}`).add('-1 0');
    context.globalAlpha = alpha * (origin ? FAINT_EDGES : 1);
    this.edges.paint(scene);
    layout.placed.forEach((placed, n) => {
      const near = 1 - Math.abs(placed.place + 0.5 - look.wave);
      if (near > 0 && look.wave < layout.placed.length) this.edges.highlight(scene, n, 2 * near);
      const reached = reachedAt(placed, look);
      for (const [item, box] of placed.boxes.entries()) {
        context.globalAlpha = alpha * reached * (!origin || lit.has(`${placed.place} ${item}`) ? 1 : FAINT);
        paintItem(scene, placed, item, box);
      }
      context.globalAlpha = alpha * Math.max(LEAST_NAME, reached);
      this.names.paint(scene, placed);
      if (placed.place === look.now) frame(scene, placed.around, 2);
    });
    context.globalAlpha = alpha;
    if (origin && place) paintOrigin(scene, place, origin, alpha);
  }
}

/** How far what flows has reached a layer, from faint to 1. @param {Placed} placed @param {Look} look */
function reachedAt({ place, layer }, { wave, back = false }) {
  if (back && (place < 0 || layer.kind === 'probabilities')) return 1; // nothing flows back to these
  const arrived = (back ? place - wave : wave - place) + 1;
  return Math.max(UNREACHED, Math.min(1, arrived));
}
