// @ts-check
// All moments of a program as stripes, in as many colours as there are kinds; gaps are what was left out.

import { el } from '../lib/dom.js';
import { onTheme } from '../lib/theme.js';

const HEIGHT = 10;
const LINE = { top: 4, height: 6 }; // lines are lower than operations

export class MomentStrip {
  canvas = el('canvas', { class: 'strip', height: HEIGHT, 'aria-hidden': 'true' });

  /** @param {import('./timeline_model.js').Moment[]} moments */
  constructor(moments) {
    this.moments = moments;
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.canvas);
    onTheme(this.canvas, () => this.paint());
  }

  paint() {
    const { canvas, moments } = this;
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    const pen = canvas.getContext('2d');
    if (!width || !pen || !moments.length) return;
    canvas.width = width;
    const style = getComputedStyle(canvas);
    const colours = { line: style.color, operation: '#1f6feb', node: '#d9730d' };
    const each = width / moments.length;
    for (const [i, { kind, gap }] of moments.entries()) {
      const { top, height } = kind === 'line' ? LINE : { top: 0, height: HEIGHT };
      pen.fillStyle = colours[kind];
      pen.fillRect(i * each, top, Math.max(each, 0.5), height);
      if (!gap) continue;
      pen.fillStyle = style.outlineColor;
      pen.fillRect(i * each - 1, 0, 2, HEIGHT);
    }
  }

  end() {
    this.observer.disconnect();
  }
}
