// @ts-check
// The timeline: one tick a step, in phases; scrubbed with a pointer, stepped and played with buttons.

import { el } from '../lib/dom.js';

/** @typedef {{ name: string, count: number, ticks: HTMLElement, box: HTMLElement }} Phase */

export class Timeline {
  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
    const { labels, steps } = walk.step;
    const words = walk.labels;
    /** @type {HTMLElement[]} one a step */
    this.ticks = [];
    this.isScrubbing = false; // a pointer scrubs
    this.track = el('div', {
      class: 'track phases',
      role: 'slider',
      tabindex: '0',
      'aria-label': labels.timeline,
      'aria-valuemin': '1',
      'aria-valuemax': String(steps.length),
    });
    /** @type {Phase[]} */
    this.phases = [];
    steps.forEach((step, i) => {
      let phase = this.phases[this.phases.length - 1];
      if (!phase || phase.name !== step.phase) {
        const ticks = el('div', { class: 'ticks' });
        phase = {
          name: step.phase,
          count: 0,
          ticks,
          box: el('div', { class: 'phase' }, el('span', {}, words[step.phase]), ticks),
        };
        this.phases.push(phase);
        this.track.append(phase.box);
      }
      const tick = el('div', { class: 'tick', 'data-step': i, title: `${i + 1} · ${step.name}` });
      phase.count += 1;
      phase.ticks.append(tick);
      this.ticks.push(tick);
    });
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
      ...[
        ['4000', '0.5×'],
        ['2200', '1×'],
        ['1100', '2×'],
        ['450', '5×'],
      ].map(([value, text]) => el('option', { value, selected: value === '2200' }, text)),
    );
    this.controls = el(
      'div',
      { class: 'steer' },
      el(
        'button',
        {
          class: 'previous',
          'aria-label': labels.previous,
          title: labels.previous,
          onclick: () => walk.go(walk.at - 1),
        },
        '◀',
      ),
      this.play,
      el(
        'button',
        { class: 'next', 'aria-label': labels.next, title: labels.next, onclick: () => walk.go(walk.at + 1) },
        '▶',
      ),
      this.pace,
      this.where,
      el('small', { class: 'keys' }, labels.keys),
    );
    this.element = el('div', { class: 'bar' }, this.track, this.controls);
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
      tick.className = `tick${i <= at ? ' done' : ''}${back ? ' back' : ''}${i === at ? ' now' : ''}${reached.has(i) ? ' reached' : ''}`;
    });
    for (const phase of this.phases) phase.box.classList.toggle('now', phase.name === step.phase);
    const where = `${at + 1} / ${walk.steps.length} · ${labels[step.phase]} · ${step.name}${step.module ? ` (${step.module})` : ''}`;
    this.where.textContent = where;
    this.track.setAttribute('aria-valuenow', String(at + 1));
    this.track.setAttribute('aria-valuetext', where);
    this.play.textContent = player.isPlaying ? `❚❚ ${labels.pause}` : `► ${labels.play}`;
    this.play.setAttribute('aria-pressed', String(player.isPlaying));
  }
}
