// @ts-check
// The timeline: one tick a step, in phases; scrubbed with a pointer, stepped and played with buttons.

import { el, setText } from '../lib/dom.js';
import { areSame } from './memo.js';

/** @typedef {{ name: string, count: number, ticks: HTMLElement, box: HTMLElement }} Phase */

const PACES = [
  ['4000', '0.5×'],
  ['2200', '1×'],
  ['1100', '2×'],
  ['450', '5×'],
]; // milliseconds a step
const PACE = '2200';

export class Timeline {
  /** @type {HTMLElement[]} one a step */
  ticks = [];
  /** @type {Phase[]} */
  phases = [];
  isScrubbing = false; // a pointer scrubs

  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.parts = partsOf(walk);
    const { labels, steps } = walk.step;
    this.track = el('div', {
      class: 'track phases',
      role: 'slider',
      tabindex: '0',
      'aria-label': labels.timeline,
      'aria-valuemin': '1',
      'aria-valuemax': String(steps.length),
    });
    for (const step of steps) this.appendTick(step);
    for (const { box, count } of this.phases) {
      box.style.flexGrow = String(Math.max(count, 3));
      box.classList.toggle('single', count < 2);
    }
    this.scrubbing();
    this.where = el('div', { class: 'where' });
    this.play = el('button', { class: 'play', onclick: () => walk.player.toggle() });
    this.pace = el(
      'select',
      { 'aria-label': labels.slower, onchange: () => walk.player.restart() },
      ...PACES.map(([value, text]) => el('option', { value, selected: value === PACE }, text)),
    );
    const controls = el('div', { class: 'steer' }, this.arrow('previous', '◀', -1), this.play);
    controls.append(this.arrow('next', '▶', 1), this.pace, this.where, el('small', { class: 'keys' }, labels.keys));
    this.element = el('div', { class: 'bar' }, this.track, controls);
  }

  /** Whether it is that of the step that is shown. */
  fits() {
    return areSame(partsOf(this.walk), this.parts);
  }

  /** Append a step's tick, in a new phase where one begins. @param {{ phase: string, name: string }} step */
  appendTick({ phase: phaseName, name }) {
    let phase = this.phases[this.phases.length - 1];
    if (!phase || phase.name !== phaseName) {
      const ticks = el('div', { class: 'ticks' });
      const box = el('div', { class: 'phase' }, el('span', {}, this.walk.labels[phaseName]), ticks);
      phase = { name: phaseName, count: 0, ticks, box };
      this.phases.push(phase);
      this.track.append(box);
    }
    const index = this.ticks.length;
    const tick = el('div', { class: 'tick', 'data-step': index, title: `${index + 1} · ${name}` });
    phase.count += 1;
    phase.ticks.append(tick);
    this.ticks.push(tick);
  }

  /** A button that goes ``by`` steps. @param {'previous' | 'next'} kind @param {string} sign @param {number} by */
  arrow(kind, sign, by) {
    const { labels } = this.walk.step;
    const go = () => this.walk.go(this.walk.at + by);
    return el('button', { class: kind, 'aria-label': labels[kind], title: labels[kind], onclick: go }, sign);
  }

  scrubbing() {
    const choose = (/** @type {PointerEvent} */ event) => {
      let nearest = 0;
      let distance = Infinity;
      this.ticks.forEach((tick, i) => {
        const box = tick.getBoundingClientRect();
        const apart = Math.abs(event.clientX - (box.left + box.width / 2));
        if (apart < distance) [nearest, distance] = [i, apart];
      });
      this.walk.player.pause();
      this.walk.go(nearest);
    };
    this.track.addEventListener('pointerdown', (event) => {
      this.track.setPointerCapture(event.pointerId);
      this.isScrubbing = true;
      choose(event);
    });
    this.track.addEventListener('pointermove', (event) => this.isScrubbing && choose(event));
    for (const end of ['pointerup', 'pointercancel'])
      this.track.addEventListener(end, () => {
        this.isScrubbing = false;
      });
  }

  show() {
    const { step: walk, labels, at, player } = this.walk;
    const { reached } = this.walk.numbers;
    const step = walk.steps[at];
    this.ticks.forEach((tick, i) => {
      const back = ['backward', 'step'].includes(walk.steps[i].phase);
      const states = { done: i <= at, back, now: i === at, reached: reached.has(i) };
      for (const [name, is] of Object.entries(states)) tick.classList.toggle(name, is);
    });
    for (const phase of this.phases) phase.box.classList.toggle('now', phase.name === step.phase);
    const module = step.module ? ` (${step.module})` : '';
    const where = `${at + 1} / ${walk.steps.length} · ${labels[step.phase]} · ${step.name}${module}`;
    setText(this.where, where);
    this.track.setAttribute('aria-valuenow', String(at + 1));
    this.track.setAttribute('aria-valuetext', where);
    setText(this.play, player.isPlaying ? `❚❚ ${labels.pause}` : `► ${labels.play}`);
    this.play.setAttribute('aria-pressed', String(player.isPlaying));
  }
}

// What its elements are made of.
/** @param {import('./walk.js').Walk} walk */
const partsOf = ({ step: { labels, steps } }) => [
  labels,
  steps.map(({ phase, name }) => `${phase} ${name}`).join(),
];
