// @ts-check
// What flows through a network's picture: to a layer and no farther, forwards or from the last layer back. Pure.

const WAVE_MS = 1600; // from the image to the probabilities
const EVERYTHING = 1e3; // layers

export class Flow {
  at = EVERYTHING; // layers up to this one are reached; backwards, down to it
  goal = EVERYTHING; // where `at` goes
  isBack = false; // whether it flows from the last layer to the first
  /** @type {number | null} the layer at which something is happening */
  now = null;

  /** Begins again before the first layer. */
  begin() {
    this.at = -1;
  }

  /**
   * Flows to one layer and stands there.
   *
   * @param {number} layer Infinity for all of them
   * @param {boolean} back
   * @param {number | null} now the layer at which something is happening
   * @param {number} last the layer from which it flows back
   */
  reach(layer, back, now, last) {
    const isWhole = !Number.isFinite(layer);
    this.goal = isWhole ? (back ? -1 : EVERYTHING) : layer;
    this.now = now;
    if (this.isBack !== back) this.at = back ? last : -1;
    this.isBack = back;
    if (isWhole || this.at === EVERYTHING) this.stop();
  }

  /** Stands at once where it goes. */
  stop() {
    this.at = this.goal;
  }

  get rests() {
    return this.at === this.goal;
  }

  /** @param {number} passed milliseconds @param {number} count of layers, image and probabilities too */
  move(passed, count) {
    const way = this.goal - this.at;
    const most = (passed / WAVE_MS) * (count + 1);
    if (this.goal === EVERYTHING && this.at >= count) this.stop();
    else this.at += Math.sign(way) * Math.min(Math.abs(way), most);
  }
}
