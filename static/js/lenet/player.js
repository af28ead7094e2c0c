// @ts-check
// Plays a walk: one step after the other, at the pace of its control, until the last step.

/**
 * @typedef {object} Track what is played
 * @property {number} at the step
 * @property {number} last
 * @property {number} pace milliseconds for a step
 * @property {(step: number) => void} go
 * @property {() => void} showPlaying
 */

export class Player {
  /** @type {ReturnType<typeof setInterval> | null} */
  timer = null;

  /** @param {Track} track */
  constructor(track) {
    this.track = track;
  }

  get isPlaying() {
    return this.timer !== null;
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** From the last step it begins again. */
  play() {
    const { track } = this;
    if (track.at === track.last) track.go(0);
    this.timer = setInterval(() => track.go(track.at + 1), track.pace);
    track.showPlaying();
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.track.showPlaying();
  }

  /** Goes on at another pace. */
  restart() {
    if (!this.isPlaying) return;
    this.pause();
    this.play();
  }
}
