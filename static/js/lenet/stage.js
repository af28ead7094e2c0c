// @ts-check
// The stage of a walk: the network, the tensors of a step or one number, with the path between these zooms over it.

import { el } from '../lib/dom.js';
import { layer } from './layer.js';
import { OpenedNumber } from './opened_number.js';
import { NETWORK, NUMBER, STEP } from './zoom.js';

const REDRAW = 24; // pixels by which the width changes before all is drawn again

export class Stage {
  element = el('div', 'stage');
  /** @type {OpenedNumber | null} */
  number = null;
  drawnWidth = 0; // the width for which it is drawn
  // As laid out last: to ask in the middle of a change lays the page out again.
  widths = { root: 0, stage: 0 };

  /** @param {import('./walk.js').Walk} walk @param {HTMLElement} root what the stage and the side are in */
  constructor(walk, root) {
    this.walk = walk;
    this.root = root;
    this.observer = new ResizeObserver(() => {
      this.measure();
      if (walk.header && Math.abs(this.width() - this.drawnWidth) > REDRAW) walk.draw();
    });
    this.observer.observe(root);
    this.observer.observe(this.element);
  }

  measure() {
    this.widths = { root: this.root.clientWidth, stage: this.element.clientWidth };
  }

  width() {
    if (!this.widths.stage) this.measure();
    const whole = this.widths.root || 900;
    return Math.max(240, this.widths.stage || (whole > 900 ? whole * 0.62 : whole));
  }

  /** The width of a drawing beside another one. */
  halfWidth() {
    const whole = this.width();
    return Math.max(200, whole > 400 ? whole / 2 - 14 : whole);
  }

  show() {
    const { zoom, parts } = this.walk;
    const { network } = parts;
    this.drawnWidth = this.width();
    this.number = zoom === NUMBER ? new OpenedNumber(this.walk) : null;
    const isThere = zoom === NETWORK && this.element.contains(network.element);
    if (!isThere) this.element.replaceChildren(...this.content()); // the picture keeps focus and motion
    if (zoom === NETWORK) network.show();
  }

  content() {
    const { walk } = this;
    const { labels } = walk.step;
    if (this.number) return [this.path(), this.number.root]; // with a heading of its own
    const isNetwork = walk.zoom === NETWORK;
    const title = el('h2', 'heard', isNetwork ? labels.network : labels.layer);
    return [title, this.path(), isNetwork ? walk.parts.network.element : layer(walk)];
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
    const { number } = this;
    if (!number?.isOf(this.walk.opening) || !this.element.contains(number.root)) return false;
    number.show(answer);
    return true;
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
    this.observer.disconnect();
  }
}
