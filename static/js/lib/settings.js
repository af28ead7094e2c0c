// @ts-check
// The settings of an instrument in the hand of a reader: which of them mean something, and who may change them.

/**
 * @typedef {import('./payload.js').Declaration} Declaration
 * @typedef {import('./payload.js').InstrumentData['settings']} Values
 */

/**
 * Whether a setting has an effect while the others are as `values`.
 *
 * @param {Pick<Declaration, 'when'>} declared
 * @param {Values} values
 */
export const meansSomething = ({ when }, values) =>
  !when.length ||
  when.some((each) => Object.entries(each).every(([name, options]) => options.includes(values[name])));

/**
 * The numbers on a logarithmic slider: ten for each power of ten, with two digits, and both ends.
 *
 * @param {Declaration} declared
 */
export function logarithmic({ minimum = 1, maximum = 1, default: value }) {
  /** @type {number[]} */
  const places = [];
  for (let tenth = Math.ceil(10 * Math.log10(minimum)); 10 ** (tenth / 10) <= maximum; tenth += 1) {
    const place = Number((10 ** (tenth / 10)).toPrecision(2));
    places.push(Number.isInteger(value) ? Math.round(place) : place);
  }
  return [...new Set([minimum, ...places.filter((place) => place > minimum && place < maximum), maximum])];
}

/**
 * Which of the places of a logarithmic slider is nearest to a value.
 *
 * @param {number[]} places
 * @param {number} value
 */
export function nearest(places, value) {
  const away = (/** @type {number} */ place) => Math.abs(Math.log(place / value));
  return places.reduce((best, place, at) => (away(place) < away(places[best]) ? at : best), 0);
}

const REST_MS = 250; // without a change for so long, the hand rests, and Python is told

/**
 * What Python says of the settings: `Told` in pages/shared/instruments.py.
 *
 * @typedef {Pick<import('./payload.js').InstrumentData, 'settings' | 'session' | 'stamp' | 'after'>} Told
 */

/** The settings of one instrument: what the hand does counts at once, Python is told when it rests. */
export class Hand {
  /**
   * @param {(report: { settings: Values, count: number }) => void} report
   * @param {Pick<import('./clock.js').Clock, 'later'>} clock
   */
  constructor(report, clock) {
    this.report = report;
    this.clock = clock;
    /** @type {Values} */
    this.values = {};
    this.count = 0; // of changes by hand
    this.reported = 0;
    this.after = 0; // the last report that the page has run with
    this.holds = false; // a pointer is down on a control
    /** @type {number | null} */
    this.stamp = null;
    this.session = '';
    this.callOff = () => {}; // the next report
  }

  /**
   * Takes over what Python says, unless the hand has moved since; returns whether anything is another now.
   *
   * A report that this hand has not made is that of the drawing which stood here before, made as it left.
   *
   * @param {Told} told
   */
  hear({ settings, session, stamp, after }) {
    const first = this.stamp === null;
    const isNew = !first && session !== this.session; // after a restart of the server
    const news = first || isNew || stamp !== this.stamp || after > this.count;
    this.session = session;
    this.stamp = stamp;
    this.after = after;
    if (isNew && this.count > after) {
      this.move({}); // what was told is lost: tell it again
      return false;
    }
    if (!news || this.count > after) return false;
    this.count = this.reported = after;
    const same = Object.keys(settings).every((name) => settings[name] === this.values[name]);
    this.values = { ...settings };
    return !same;
  }

  /** @param {Values} changes by hand */
  move(changes) {
    this.values = { ...this.values, ...changes };
    this.count += 1;
    this.rest();
  }

  /** @param {boolean} holds whether a pointer is down on a control */
  hold(holds) {
    this.holds = holds;
    if (!holds && this.reported < this.count) this.rest();
  }

  rest() {
    this.callOff();
    this.callOff = this.clock.later(() => this.tell(), REST_MS);
  }

  tell() {
    this.callOff();
    if (this.holds || this.reported === this.count) return;
    this.reported = this.count;
    this.report({ settings: this.values, count: this.count });
  }

  /** Whether the page has run with all that the hand has changed. */
  isHeard() {
    return this.count <= this.after;
  }
}
