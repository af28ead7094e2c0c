// @ts-check
// The elements of the sliding window: a bar, three groups of grids, the sum, and a line for a screen reader.

import { el, fill } from '../lib/dom.js';
import { hint } from '../lib/hint.js';
import { brief } from '../lib/numbers.js';
import { Grid, styleOf } from './grid.js';
import { cellsOf } from './layout.js';
import { uses } from './sum.js';
import { write } from './sum_painter.js';

/**
 * @typedef {import('./sliding.js').Sliding} Sliding
 * @typedef {import('./sliding.js').GridName} GridName
 */

const NOTED = 30; // pixels: from this size on a cell of the kernel has room for a note

export class WindowPainter {
  /** @param {(grid: Grid, name: GridName) => void} listen hears what a pointer does on a grid */
  constructor(listen) {
    this.listen = listen;
    this.button = el('button', 'play');
    this.hint = el('span', 'hint');
    this.bar = el('div', 'bar', this.button, this.hint);
    this.grids = el('div', 'grids');
    this.sum = el('div', 'sum');
    this.live = el('div', { class: 'live', 'aria-live': 'polite' });
    this.root = el('div', { class: 'window', tabindex: 0, role: 'application' });
    this.root.append(this.bar, this.grids, this.sum, this.live);
    /** @type {Grid[]} one for each channel */
    this.inputs = [];
    /** @type {Grid[]} */
    this.kernels = [];
    this.output = this.grid('output', 0);
    this.captions = [0, 1, 2].map(() => el('figcaption'));
    /** @type {{ element: HTMLElement, channel: number, grid: string }[]} */
    this.names = [];
    /** @type {HTMLElement[]} of the inputs, the kernels and the output */
    this.figures = [];
    this.layout = '';
    /** @type {import('./grid.js').Style | null} until the theme changes */
    this.style = null;
  }

  /** @param {GridName} name @param {number} channel */
  grid(name, channel) {
    const grid = new Grid(name, channel);
    this.listen(grid, name);
    return grid;
  }

  forgetStyle() {
    this.style = null;
  }

  /** @param {Sliding} sliding @param {number} width in pixels */
  layOut(sliding, width) {
    const { data, apart } = sliding;
    const cells = cellsOf(data, width, apart);
    this.style ??= styleOf(this.root);
    const { style } = this;
    this.build(sliding, cells.rowHeight);
    const paddingText = data.kind === 'max' ? '−∞' : '0';
    const padding = data.kind === 'transposed' ? {} : { before: data.before, after: data.after, paddingText };
    const input = { rows: data.size[0], columns: data.size[1], bound: data.bounds[0], style, cell: cells.input };
    for (const [c, grid] of this.inputs.entries()) {
      grid.set({ ...input, ...padding, values: data.x[c], unreached: data.unreached });
    }
    const kernel = {
      rows: data.kernel[0],
      columns: data.kernel[1],
      bound: data.bounds[1],
      style,
      cell: cells.kernel,
    };
    const zeros = new Array(data.kernel[0] * data.kernel[1]).fill(0);
    for (const [c, grid] of this.kernels.entries()) {
      grid.set({ ...kernel, values: data.w ? data.w[c] : zeros, blank: !data.w, raised: cells.kernel >= NOTED });
    }
    const output = { rows: data.out[0], columns: data.out[1], bound: data.bounds[2], style, cell: cells.output };
    this.output.set({ ...output, values: data.y });
    this.show(sliding);
  }

  /** Makes the grids where there are others than before. @param {Sliding} sliding @param {number} rowHeight */
  build({ data }, rowHeight) {
    const layout = `${data.x.length},${data.w !== null}`;
    if (layout !== this.layout) {
      this.layout = layout;
      this.names = [];
      this.inputs = data.x.map((_, c) => this.grid('input', c));
      this.kernels = data.x.map((_, c) => this.grid('weight', c));
      this.output = this.grid('output', 0);
      const groups = [this.inputs, this.kernels, [this.output]];
      this.figures = groups.map((grids, n) => this.figure(grids, this.captions[n]));
      this.grids.replaceChildren(...this.figures);
    }
    for (const [n, [title, size]] of [data.labels.input, data.labels.kernel, data.labels.output].entries()) {
      this.captions[n].replaceChildren(title, ' ', el('small', '', size));
    }
    for (const { room } of [...this.inputs, ...this.kernels]) room.style.minHeight = `${rowHeight}px`;
  }

  /** @param {Grid[]} grids @param {HTMLElement} caption */
  figure(grids, caption) {
    const cells = el('div', 'cells');
    for (const { name, channel, room } of grids) {
      const element = grids.length > 1 ? el('div', 'channel') : null;
      if (element) this.names.push({ element, channel, grid: name });
      cells.append(el('div', '', element, room));
    }
    return el('figure', '', caption, cells);
  }

  /** Everything that follows from where the window stands. @param {Sliding} sliding */
  show(sliding) {
    const { apart, data, mode, focus, met, result } = sliding;
    for (const part of [this.bar, this.sum, ...this.figures.slice(2)]) part.hidden = apart;
    this.root.dataset.apart = String(apart);
    if (apart) {
      for (const grid of [...this.inputs, ...this.kernels]) grid.paint();
      return;
    }
    this.showSum(sliding);
    for (const { element, channel, grid } of this.names) {
      const part = grid === 'weight' && result ? `: Σ = ${brief(result.channels[channel].sum)}` : '';
      element.textContent = fill(data.labels.channel, { c: data.channels[channel] }) + part;
    }
    this.button.textContent = mode === 'play' ? `❚❚ ${data.labels.pause}` : `▶ ${data.labels.play}`;
    this.hint.textContent = hint(data.labels, mode === 'pin' ? 'hint_pin' : 'hint_play');
    this.root.dataset.mode = mode;
    this.root.dataset.focus = `${focus.grid}:${focus.cell}`;
    this.root.dataset.lit = String(met.length);
    this.paint(sliding, sliding.previous ? 0 : 1);
  }

  /** @param {Sliding} sliding */
  showSum(sliding) {
    const { data, focus, met, result } = sliding;
    if (!result) {
      this.sum.replaceChildren(el('div', 'name', uses(data, focus, met)));
      return;
    }
    write(this.sum, data, result, (term) => {
      sliding.term = term;
      this.paint(sliding, 1);
    });
  }

  /** @param {Sliding} sliding @param {number} progress between two outputs, from 0 to 1 */
  paint(sliding, progress) {
    const { focus, term, result, weights, outputs } = sliding;
    this.paintInputs(sliding, progress);
    const isOutput = focus.grid === 'output';
    this.kernels.forEach((grid, c) => {
      const strong = term?.c === c ? [[term.u, term.v]] : sliding.own('weight', c);
      const terms = result && grid.plan.cell >= NOTED ? result.channels[c].terms : [];
      grid.paint({ lit: isOutput ? [] : weights, strong, notes: terms.map((each) => sliding.note(each)) });
    });
    this.output.paint({ lit: isOutput ? [] : outputs, strong: isOutput ? [focus.cell] : [] });
  }

  /** Between two outputs only the frame on the input moves. @param {Sliding} sliding @param {number} progress */
  paintInputs(sliding, progress) {
    const { focus, term, winner, inputs } = sliding;
    const frame = sliding.frame(progress);
    this.inputs.forEach((grid, c) => {
      const linked = term?.c === c ? [[term.a, term.b]] : null;
      const own = sliding.own('input', c);
      const strong = linked ?? (winner ? [winner] : own);
      grid.paint({ lit: focus.grid === 'input' ? own : inputs, strong, frame });
    });
  }
}
