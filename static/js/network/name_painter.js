// @ts-check
// Paints the names of layers beside their maps, cut where there is no room.

import { centre } from './layout.js';
import { linesOf, shorten } from './names.js';
import { FONT } from './scene.js';

/**
 * @typedef {import('./layout.js').Placed} Placed
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {{ layout: { vertical: boolean }, size: number }} Room
 */

export class NamePainter {
  /** @type {{ image: string, short: Record<string, string> }} */
  words = { image: '', short: {} };

  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.context = context;
  }

  /** @param {Scene} scene @param {Placed} placed */
  paint(scene, placed) {
    const { context, theme, size, layout } = scene;
    const lines = this.linesOf(scene, placed);
    context.fillStyle = theme.text;
    context.font = `${size}px ${FONT}`;
    context.textAlign = layout.vertical ? 'left' : 'center';
    context.textBaseline = 'middle';
    const { x, y } = centre(placed.label);
    const high = (lines.length - 1) * (size + 1);
    const room = layout.vertical ? layout.height : placed.label.height;
    const most = room - high - 0.7 * size; // no name leaves the picture
    const first = Math.max(0.7 * size, Math.min(y - high / 2, most));
    lines.forEach((line, n) => {
      context.fillText(line, layout.vertical ? 0 : x, first + n * (size + 1));
    });
  }

  /** The name of a layer as it is written, in lines. @param {Room} room @param {Placed} placed */
  linesOf({ layout, size }, { layer, label }) {
    const width = layout.vertical ? label.width : label.width - 2;
    const lines = linesOf(layer, layout.vertical, this.words);
    return lines.map((line) => shorten(line, width, (text) => this.widthOf(text, size)));
  }

  /** The whole name of a layer that is cut; else an empty text. @param {Room} room @param {Placed} placed */
  cutName(room, placed) {
    const whole = linesOf(placed.layer, room.layout.vertical, this.words).join(' ');
    return this.linesOf(room, placed).join(' ') === whole ? '' : whole;
  }

  /** How wide the longest name is. @param {import('./model.js').Layer[]} layers @param {number} size */
  longest(layers, size) {
    const names = layers.flatMap((layer) => linesOf(layer, true, this.words));
    return Math.max(...names.map((name) => this.widthOf(name, size)));
  }

  /** @param {string} text @param {number} size */
  widthOf(text, size) {
    this.context.font = `${size}px ${FONT}`;
    return this.context.measureText(text).width;
  }
}
