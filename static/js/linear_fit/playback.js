// @ts-check
// Which iteration of a training is shown: it is played at one of three paces, or the reader goes through it.

import { perSecond } from './model.js';

const PACES = 3;

/** @typedef {Pick<import('./model.js').Training, 'total' | 'have'>} Span `total` iterations; `have` are here */

export class Playback {
  at = 0;
  pace = 0; // which of the three
  playing = false;
  stays = false; // the reader has gone to an iteration of this training
  /** @type {{ now: number, at: number } | null} when it began to play at this pace, and where */
  since = null;

  /** Another training. */
  begin() {
    this.at = 0;
    this.stays = false;
  }

  /** @param {Span} span */
  start({ total }) {
    if (this.at >= total) this.at = 0;
    this.playing = true;
    this.since = null;
  }

  pause() {
    this.playing = false;
  }

  nextPace() {
    this.pace = (this.pace + 1) % PACES;
    this.since = null;
  }

  /** @param {number} to @param {Span} span */
  go(to, { have }) {
    this.playing = false;
    this.stays = true;
    this.at = Math.max(0, Math.min(have, to || 0));
  }

  /**
   * Moves on for one frame; where an iteration has not come yet, it is waited for. Returns whether there is more.
   *
   * @param {number} now in ms
   * @param {Span} span
   */
  frame(now, { total, have }) {
    this.since ??= { now, at: this.at };
    const due = Math.floor(this.since.at + ((now - this.since.now) / 1000) * perSecond(this.pace, total));
    this.at = Math.min(have, due);
    if (due > have) this.since = null;
    return this.at < total;
  }
}
