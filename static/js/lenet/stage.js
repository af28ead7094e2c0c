// @ts-check
// The stage of a walk: the network, the tensors of a step or one number, with the path between these zooms over it.

import { el, setChildren } from '../lib/dom.js';
import { Width } from '../lib/width.js';
import { Layer, structureOf } from './layer.js';
import { Memo } from './memo.js';
import { OpenedNumber } from './opened_number.js';
import { NETWORK, NUMBER, STEP } from './zoom.js';

const REDRAW = 24; // pixels by which the width changes before all is drawn again

export class Stage {
  element = el('div', 'stage');
  /** @type {OpenedNumber | null} */
  number = null;
  /** @type {Memo<Layer>} the tensors of the step */
  layer = new Memo();
  /** @type {Memo<HTMLElement[]>} */
  head = new Memo();
  drawnWidth = 0; // the width for which it is drawn

  /** @param {import('./walk.js').Walk} walk @param {HTMLElement} root what the stage and the side are in */
  constructor(walk, root) {
    this.walk = walk;
    const changed = () => {
      if (walk.header && Math.abs(this.width() - this.drawnWidth) > REDRAW) walk.draw();
    };
    this.ownWidth = new Width(this.element, changed);
    this.wholeWidth = new Width(root, changed);
  }

  width() {
    const whole = this.wholeWidth.pixels || 900;
    return Math.max(240, this.ownWidth.pixels || (whole > 900 ? whole * 0.62 : whole));
  }

  /** The width of a drawing beside another one. */
  halfWidth() {
    const whole = this.width();
    return Math.max(200, whole > 400 ? whole / 2 - 14 : whole);
  }

  /** Shows the walk at its zoom; what is there already stays, with focus and motion, and takes the new numbers. */
  show() {
    const { walk } = this;
    const { zoom, parts } = walk;
    this.drawnWidth = this.width();
    this.number = zoom === NUMBER ? new OpenedNumber(walk) : null;
    if (zoom !== STEP) this.layer = new Memo(); // what is not on the page does not hear of another theme
    const content = this.number?.root ?? (zoom === NETWORK ? parts.network.element : this.tensors());
    setChildren(this.element, [...this.headOf(), content]);
    if (zoom === NETWORK) parts.network.show();
  }

  tensors() {
    const { walk } = this;
    const parts = structureOf(walk);
    if (this.layer.value && this.layer.isOf(parts)) this.layer.value.show();
    return this.layer.of(parts, () => new Layer(walk)).element;
  }

  /** The heading, which an opened number has itself, and the path. */
  headOf() {
    const { walk } = this;
    const { labels } = walk.step;
    return this.head.of([labels, walk.zoom, walk.parts.network], () => {
      const title = el('h2', 'heard', walk.zoom === NETWORK ? labels.network : labels.layer);
      return walk.zoom === NUMBER ? [this.path()] : [title, this.path()];
    });
  }

  /** The zooms that lead here, each a button. */
  path() {
    const { walk } = this;
    const { labels } = walk.step;
    const button = (/** @type {number} */ zoom, /** @type {string} */ text) =>
      el(
        'button',
        { 'aria-pressed': String(walk.zoom === zoom), onclick: () => walk.zoomTo(zoom), 'data-zoom': zoom },
        text,
      );
    return el(
      'div',
      { class: 'crumbs', role: 'group' },
      button(NETWORK, labels.network),
      '›',
      button(STEP, labels.layer),
      ...(walk.zoom === NUMBER ? ['›', button(NUMBER, labels.number)] : []),
      walk.zoom === NETWORK
        ? null
        : el('button', { class: 'up', onclick: () => walk.up() }, `↑ ${labels.up} (Esc)`),
      walk.zoom === NETWORK ? walk.parts.network.bar : null,
    );
  }

  /**
   * Brings the number that is open to another answer; returns false where it has to be drawn.
   *
   * @param {import('./payload.js').OpenedCellData} answer
   */
  update(answer) {
    const holds = this.holds();
    if (holds) this.number?.show(answer);
    return holds;
  }

  /** Whether the number that is open is here, and only its answer may be another. */
  holds() {
    const { number } = this;
    return Boolean(number?.fits()) && this.element.contains(number?.root ?? null);
  }

  /** @param {boolean} keepFocus whether its neighbour had the focus */
  focusNumber(keepFocus) {
    /** @type {HTMLElement | null} */
    const target = this.element.querySelector('.target canvas');
    if (keepFocus) target?.focus({ preventScroll: true });
    else this.showTitle(this.element.querySelector('.opened > h2'));
  }

  /**
   * The opened number may be shorter than what was there, and its title above the window or under the timeline.
   *
   * @param {HTMLElement | null} title
   */
  showTitle(title) {
    if (!title) return;
    const bar = this.walk.parts.timeline.element;
    const below = parseFloat(getComputedStyle(bar).top) + bar.offsetHeight;
    const { top, bottom } = title.getBoundingClientRect();
    this.element.style.scrollMarginTop = `${below + 8}px`;
    if (top < below || bottom > window.innerHeight * 0.6) this.element.scrollIntoView({ block: 'start' });
    title.focus({ preventScroll: true });
  }

  end() {
    this.ownWidth.end();
    this.wholeWidth.end();
  }
}
