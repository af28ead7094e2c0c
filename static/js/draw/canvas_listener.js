// @ts-check
// Hears what is drawn on the canvas of streamlit-drawable-canvas while the pen is down: mouse, finger, or keys.
//
// The canvas itself tells the page of a stroke when it has ended. What the page then says is on the canvas is taken,
// unless the hand has drawn more since.

/**
 * @typedef {import('../network/strokes.js').Stroke} Stroke
 * @typedef {{ clientX: number, clientY: number }} Spot
 * @typedef {Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>} Rectangle
 */

const TOUCHED_MS = 700; // a mouse that is heard so soon after a finger is the finger again
const MOST_POINTS = 9000;

export class CanvasListener {
  /**
   * @param {string} frame key of the container with the canvas
   * @param {(strokes: Stroke[], rests: boolean, byHand: boolean) => void} changed `rests` when a drawing is finished
   */
  constructor(frame, changed) {
    this.frame = frame;
    this.changed = changed;
    /** @type {Stroke[]} */
    this.strokes = [];
    this.stamp = '';
    this.touched = Number.NEGATIVE_INFINITY;
    /** @type {{ getBoundingClientRect: () => Rectangle } | null} the canvas under the pen while it is down */
    this.canvas = null;
    this.ends = new AbortController();
    const options = { capture: true, passive: true, signal: this.ends.signal };
    addEventListener(
      'mousedown',
      (event) => event.button === 0 && !this.isFinger(event) && this.down(event, event),
      options,
    );
    addEventListener('mousemove', (event) => !this.isFinger(event) && this.move(event), options);
    addEventListener('mouseup', (event) => !this.isFinger(event) && this.lift(), options);
    addEventListener('touchstart', (event) => this.down(event, event.touches[0]), options);
    addEventListener('touchmove', (event) => this.move(event.touches[0]), options);
    for (const name of /** @type {const} */ (['touchend', 'touchcancel'])) {
      addEventListener(
        name,
        (event) => {
          this.touched = event.timeStamp;
          this.lift();
        },
        options,
      );
    }
  }

  /** @param {Event} event */
  isFinger({ timeStamp }) {
    return timeStamp - this.touched < TOUCHED_MS;
  }

  /** @param {Event} event @param {Spot} spot */
  down(event, spot) {
    const [at] = event.composedPath();
    if (this.canvas || !(at instanceof Element) || !at.matches('canvas.upper-canvas')) return;
    const root = at.getRootNode();
    const host = root instanceof ShadowRoot ? root.host : at;
    if (!host.closest(`.st-key-${this.frame}`)) return;
    this.canvas = at;
    this.strokes = [...this.strokes, []];
    this.move(spot);
  }

  /** @param {Spot} spot */
  move({ clientX, clientY }) {
    if (!this.canvas) return;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const stroke = this.strokes[this.strokes.length - 1];
    if (width && height && this.points() < MOST_POINTS)
      stroke.push([(clientX - left) / width, (clientY - top) / height]);
    this.changed(this.strokes, false, true);
  }

  points() {
    return this.strokes.reduce((sum, { length }) => sum + length, 0);
  }

  lift() {
    if (!this.canvas) return;
    this.canvas = null;
    this.changed(this.strokes, true, true);
  }

  /**
   * What the page says is on the canvas; `stamp` is another when it is not what a hand has drawn there.
   *
   * @param {string} stamp @param {Stroke[]} strokes
   */
  tell(stamp, strokes) {
    const isNew = stamp !== this.stamp;
    if (!isNew && (this.canvas || strokes.length < this.strokes.length)) return;
    this.stamp = stamp;
    this.canvas = null;
    this.strokes = strokes;
    this.changed(strokes, isNew, false);
  }

  end() {
    this.ends.abort();
  }
}
