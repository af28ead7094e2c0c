// @ts-check
// The sliding window: padded input, kernel and output as three grids that answer to each other.
//
// It plays by itself; hovering takes over; a click pins; arrow keys step through the outputs; Esc plays again.
// The numbers are the tensors that torch returned; here they are only laid out, summed for show and compared.

import { el, fill } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';
import { index, meetings } from './geometry.js';
import { Grid, styleOf } from './grid.js';
import { cellsOf } from './layout.js';
import { moved, nextOf, paceOf, pause } from './play.js';
import { arithmetic, spoken, uses } from './sum.js';
import { write } from './sum_painter.js';

const QUIET_MS = 300; // after this long without a change the sum is read aloud and the pin reported
const USES = ['keydown', 'pointerdown', 'pointerup'];

const unique = (cells) => [...new Map(cells.map((cell) => [String(cell), cell])).values()];

export class SlidingWindow {
  // `root` is the element of the drawing; `report` is told the output cell at which the reader pins the window.
  constructor(report) {
    /** @type {import('./payload.js').WindowData | undefined} */
    this.data = undefined;
    this.focus = { grid: 'output', cell: [0, 0], channel: 0 };
    this.still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    /** @type {(pin: number[] | null) => void} */
    this.report = report;
    this.mode = this.still ? 'pin' : 'play';
    this.moved = performance.now();
    this.used = Number.NEGATIVE_INFINITY;
    this.build();
    this.resized = new ResizeObserver(() => this.data && this.width() !== this.laidOut && this.layOut());
    this.resized.observe(this.root);
    this.use = (event) => {
      if (!event.composedPath().includes(this.root)) this.used = performance.now();
    };
    for (const name of USES) document.addEventListener(name, this.use, { capture: true, passive: true });
    this.shown = () => this.schedule();
    document.addEventListener('visibilitychange', this.shown);
  }

  build() {
    this.root = el('div', 'window');
    this.root.tabIndex = 0;
    this.root.setAttribute('role', 'application');
    this.bar = el('div', 'bar');
    this.button = el('button', 'play');
    this.hint = el('span', 'hint');
    this.bar.append(this.button, this.hint);
    this.grids = el('div', 'grids');
    this.sum = el('div', 'sum');
    this.live = el('div', 'live');
    this.live.setAttribute('aria-live', 'polite');
    this.root.append(this.bar, this.grids, this.sum, this.live);
    this.button.addEventListener('click', () => this.setMode(this.mode === 'play' ? 'pin' : 'play'));
    this.root.addEventListener('keydown', (event) => this.key(event));
    this.grids.addEventListener('pointerleave', () => this.leave());
  }

  update(data) {
    const first = !this.data;
    this.data = data;
    this.inverse = null;
    this.apart = !data.y.length; // what goes in and the window, where nothing can come out
    this.root.setAttribute('aria-label', data.labels.instructions);
    if (first && data.pin) {
      this.focus = { grid: 'output', cell: data.pin, channel: 0 };
      this.mode = 'pin';
      this.reported = data.pin;
    }
    if (this.focus.grid !== 'output') this.focus = { grid: 'output', cell: [0, 0], channel: 0 };
    this.focus.cell = this.focus.cell.map((at, side) => Math.max(0, Math.min(at, data.out[side] - 1)));
    this.layOut();
    this.schedule();
  }

  width() {
    return Math.round(this.root.clientWidth);
  }

  layOut() {
    const d = this.data;
    this.laidOut = this.width();
    const {
      input: inputCell,
      kernel: kernelCell,
      output: outputCell,
      rowHeight,
    } = cellsOf(d, this.laidOut, this.apart);
    this.rowHeight = rowHeight;
    this.style = styleOf(this.root, d.kind === 'max' ? '−∞' : '0');
    this.rebuild();
    for (const [c, grid] of this.inputGrids.entries()) {
      grid.set({
        rows: d.size[0],
        columns: d.size[1],
        values: d.x[c],
        bound: d.bounds[0],
        style: this.style,
        before: d.kind === 'transposed' ? [0, 0] : d.before,
        after: d.kind === 'transposed' ? [0, 0] : d.after,
        unreached: d.unreached,
        cell: inputCell,
      });
    }
    for (const [c, grid] of this.kernelGrids.entries()) {
      grid.set({
        rows: d.kernel[0],
        columns: d.kernel[1],
        cell: kernelCell,
        style: this.style,
        values: d.w ? d.w[c] : new Array(d.kernel[0] * d.kernel[1]).fill(0),
        bound: d.bounds[1],
        blank: !d.w,
        raised: kernelCell >= 30,
      });
    }
    this.outputGrid.set({
      rows: d.out[0],
      columns: d.out[1],
      values: d.y,
      bound: d.bounds[2],
      cell: outputCell,
      style: this.style,
    });
    this.show();
  }

  rebuild() {
    const d = this.data;
    const signature = `${d.x.length},${d.w !== null}`;
    const captions = [d.labels.input, d.labels.kernel, d.labels.output];
    if (signature !== this.signature) {
      this.signature = signature;
      this.inputGrids = d.x.map((_, c) => this.listen(new Grid('input', c)));
      this.kernelGrids = d.x.map((_, c) => this.listen(new Grid('weight', c)));
      this.outputGrid = this.listen(new Grid('output', 0));
      this.captions = captions.map(() => el('figcaption', ''));
      const groups = [this.inputGrids, this.kernelGrids, [this.outputGrid]];
      this.channelNames = [];
      this.grids.replaceChildren(
        ...groups.map((grids, n) => {
          const figure = el('figure', '');
          const cells = el('div', 'cells');
          for (const grid of grids) {
            const box = el('div', '');
            if (grids.length > 1) {
              const name = el('div', 'channel');
              this.channelNames.push([name, grid.channel, grid.name]);
              box.append(name);
            }
            const room = el('div', 'room');
            room.append(grid.canvas);
            box.append(room);
            cells.append(box);
          }
          figure.append(this.captions[n], cells);
          return figure;
        }),
      );
    }
    this.captions.forEach((caption, n) => {
      caption.textContent = captions[n][0];
      caption.append(' ', el('small', '', captions[n][1]));
    });
    for (const room of /** @type {NodeListOf<HTMLElement>} */ (
      this.grids.querySelectorAll('figure:not(:last-child) .room')
    )) {
      room.style.minHeight = `${this.rowHeight}px`;
    }
  }

  listen(grid) {
    const take = (event, pin) => {
      const cell = grid.at(event);
      if (!cell || this.apart || (this.mode === 'pin' && !pin)) return;
      if (pin) this.setMode('pin');
      else if (this.mode === 'play') this.setMode('hover');
      this.look({ grid: grid.name, cell, channel: grid.channel });
    };
    grid.canvas.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && take(event, false));
    grid.canvas.addEventListener('click', (event) => take(event, true));
    return grid;
  }

  look(focus) {
    const same = focus.grid === this.focus.grid && String(focus.cell) === String(this.focus.cell);
    if (same && focus.channel === this.focus.channel && this.mode !== 'pin') return;
    this.focus = focus;
    this.term = null;
    this.show();
  }

  leave() {
    if (this.mode !== 'hover') return;
    if (this.focus.grid !== 'output') this.focus = { grid: 'output', cell: [0, 0], channel: 0 };
    this.setMode('play');
  }

  setMode(mode) {
    this.mode = mode;
    this.moved = performance.now();
    if (this.data) this.show();
    this.schedule();
  }

  key(event) {
    if (this.apart) return;
    const from = this.focus.grid === 'output' ? this.focus.cell : [0, 0];
    const cell = moved(from, event.key, this.data.out);
    if (event.key === 'Escape') {
      if (this.focus.grid !== 'output') this.focus = { grid: 'output', cell: [0, 0], channel: 0 };
      this.setMode('play');
    } else if (event.key === ' ' && event.target === this.root) this.setMode(this.mode === 'play' ? 'pin' : 'play');
    else if (cell) {
      this.setMode('pin');
      this.look({ grid: 'output', channel: 0, cell });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A frame while the window slides, a timer while it stands; nothing while it does not play.
  schedule() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    if (!this.data || this.apart || this.mode !== 'play' || document.hidden) return;
    const pace = paceOf(this.data.out[0] * this.data.out[1]);
    const times = { moved: this.moved, used: this.used, pace, sliding: Boolean(this.previous) };
    const wait = pause({ now: performance.now(), ...times });
    if (wait) this.timer = setTimeout(() => this.schedule(), wait);
    else this.frame = requestAnimationFrame((now) => this.tick(Math.max(now, this.moved), pace));
  }

  tick(now, pace) {
    if (now - this.moved >= pace) {
      this.moved = now;
      this.previous = this.focus.cell;
      this.focus = { grid: 'output', cell: nextOf(this.focus.cell, this.data.out), channel: 0 };
      this.show();
    } else if (this.previous) {
      this.slide(Math.min(1, (now - this.moved) / (pace * 0.5)));
    }
    this.schedule();
  }

  meetingsOf(focus) {
    const d = this.data;
    if (focus.grid === 'output') return meetings(d, focus.cell[0], focus.cell[1]);
    this.inverse = this.inverse || index(d);
    const map = focus.grid === 'input' ? this.inverse.byInput : this.inverse.byWeight;
    return map.get(String(focus.cell)) || [];
  }

  // Everything that follows from the focus: the lit cells, the sum, the words for a screen reader.
  show() {
    const d = this.data;
    for (const part of [this.bar, this.sum, this.outputGrid.canvas.closest('figure')]) part.hidden = this.apart;
    this.root.dataset.apart = String(this.apart);
    if (this.apart) {
      for (const grid of [...this.inputGrids, ...this.kernelGrids]) grid.paint();
      return;
    }
    this.met = this.meetingsOf(this.focus);
    if (this.focus.grid === 'output') {
      this.result = arithmetic(d, this.met, this.focus.cell[0], this.focus.cell[1]);
      write(this.sum, d, this.result, (term) => {
        this.term = term;
        this.paint(1);
      });
    } else {
      this.result = null;
      this.sum.replaceChildren(el('div', 'name', uses(d, this.focus, this.met)));
    }
    for (const [name, c, grid] of this.channelNames) {
      const part = grid === 'weight' && this.result ? `: Σ = ${brief(this.result.channels[c].sum)}` : '';
      name.textContent = fill(d.labels.channel, { c: d.channels[c] }) + part;
    }
    this.button.textContent = this.mode === 'play' ? `❚❚ ${d.labels.pause}` : `▶ ${d.labels.play}`;
    this.hint.textContent = d.labels[this.mode === 'pin' ? 'hint_pin' : 'hint_play'];
    this.root.dataset.mode = this.mode;
    this.root.dataset.focus = `${this.focus.grid}:${this.focus.cell}`;
    this.root.dataset.lit = this.met.length;
    if (this.mode !== 'play') this.previous = null;
    this.paint(this.previous ? 0 : 1);
    this.settle();
  }

  // Between two outputs only the frame on the input moves.
  slide(progress) {
    this.paintInputs(progress);
    if (progress === 1) this.previous = null;
  }

  paintInputs(progress) {
    const { focus, met, term, data: d } = this;
    const shown = (m) => d.kind !== 'transposed' || m.inside;
    const inputs = unique(met.filter(shown).map((m) => [m.a, m.b]));
    const frame = focus.grid === 'output' ? this.windowFrame(progress) : null;
    const winner = this.winnerCell();
    this.inputGrids.forEach((grid, c) => {
      const linked = term?.c === c ? [[term.a, term.b]] : null;
      const own = this.own('input', c);
      grid.paint({
        lit: focus.grid === 'input' ? own : inputs,
        strong: linked || (winner ? [winner] : own),
        frame,
      });
    });
  }

  own(grid, channel) {
    return this.focus.grid === grid && this.focus.channel === channel ? [this.focus.cell] : [];
  }

  paint(progress) {
    const { focus, met, term } = this;
    const weights = unique(met.map((m) => [m.u, m.v]));
    const outputs = unique(met.map((m) => [m.i, m.j]));
    this.paintInputs(progress);
    this.kernelGrids.forEach((grid, c) => {
      const strong = term?.c === c ? [[term.u, term.v]] : this.own('weight', c);
      const notes = this.result && grid.cell >= 30 ? this.result.channels[c].terms.map((t) => this.note(t)) : [];
      grid.paint({ lit: focus.grid === 'output' ? [] : weights, strong, notes });
    });
    const ownOutput = focus.grid === 'output' ? [focus.cell] : [];
    this.outputGrid.paint({ lit: focus.grid === 'output' ? [] : outputs, strong: ownOutput });
  }

  note(term) {
    if (!term.inside && this.data.kind === 'max') return [term.u, term.v, ''];
    const winner = this.winnerCell();
    const won = winner && winner[0] === term.a && winner[1] === term.b;
    return [term.u, term.v, this.data.w ? `×${brief(term.x)}` : `${won ? '★' : ''}${brief(term.x)}`];
  }

  winnerCell() {
    const winner = this.result?.winner;
    if (winner === undefined || winner < 0) return null;
    return [Math.floor(winner / this.data.size[1]), winner % this.data.size[1]];
  }

  // The window as a rectangle on the input; between two outputs it slides.
  windowFrame(progress) {
    const here = this.frameOf(this.focus.cell);
    if (!here || !this.previous || progress >= 1) return here;
    const there = this.frameOf(this.previous);
    const eased = progress * progress * (3 - 2 * progress);
    return there ? there.map((from, n) => from + (here[n] - from) * eased) : here;
  }

  frameOf(cell) {
    const met = meetings(this.data, cell[0], cell[1]);
    if (!met.length || this.data.kind === 'transposed') return null;
    const [first, last] = [met[0], met[met.length - 1]];
    return [first.a, first.b, last.a - first.a + 1, last.b - first.b + 1];
  }

  settle() {
    clearTimeout(this.quiet);
    if (this.mode === 'play') {
      this.live.textContent = '';
      if (this.reported) this.quiet = setTimeout(() => this.tell(null), QUIET_MS);
      return;
    }
    this.quiet = setTimeout(() => {
      this.live.textContent = this.result ? spoken(this.data, this.result) : this.sum.textContent;
      if (this.mode === 'pin' && this.focus.grid === 'output') this.tell(this.focus.cell);
    }, QUIET_MS);
  }

  /** Tells the pin again: who was told has forgotten it. */
  tellAgain() {
    this.reported = [];
    if (this.data) this.settle();
  }

  tell(pin) {
    if (String(pin) === String(this.reported ?? null)) return;
    this.reported = pin;
    this.report(pin);
  }

  end() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    clearTimeout(this.quiet);
    document.removeEventListener('visibilitychange', this.shown);
    this.resized.disconnect();
    for (const name of USES) document.removeEventListener(name, this.use, { capture: true });
  }
}
