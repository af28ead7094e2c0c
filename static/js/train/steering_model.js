// @ts-check
// What a reader may command a run now, and what became of the last command: one at a time, and none twice.

/**
 * @typedef {Pick<import('./payload.js').RunHeader, 'run' | 'state' | 'step' | 'commands'>} Told of the run
 * @typedef {import('../lib/clock.js').Clock} Clock
 * @typedef {'' | 'slow' | 'unknown' | 'success'} Note what is to be said; a refusal is in `refusal`
 *
 * @typedef {object} Awaited a command that was given, and the run as it was then
 * @property {string} command
 * @property {string} state
 * @property {number} step
 * @property {boolean} obeyed
 * @property {boolean} again whether it may be given again
 */

const SLOW_MS = 700; // after which a command that was obeyed and changed nothing yet is said to take its time
const PATIENCE_MS = 5000; // after which it may be given again

export class Steering {
  /**
   * @param {(command: string, value: number | null) => boolean} send whether it could be sent
   * @param {() => void} changed
   * @param {Clock} clock
   */
  constructor(send, changed, clock) {
    this.send = send;
    this.changed = changed;
    this.clock = clock;
    this.connected = false;
    /** @type {Told} */
    this.report = { run: '', state: '', step: 0, commands: [] };
    this.isOld = false; // what was told is from before the connection ended
    /** @type {Awaited | null} */
    this.awaited = null;
    /** @type {Note} */
    this.note = '';
    this.refusal = '';
    this.callOff = () => {};
  }

  /** @param {string} command */
  may(command) {
    const isFree = !this.awaited || this.awaited.again;
    return this.connected && !this.isOld && isFree && this.report.commands.includes(command);
  }

  /** @param {string} command @param {number | null} [value] */
  command(command, value = null) {
    if (!this.may(command) || !this.send(command, value)) return;
    this.forget();
    const { state, step } = this.report;
    this.awaited = { command, state, step, obeyed: false, again: false };
    this.changed();
  }

  /** What the server says of the run. @param {Told} report */
  hear(report) {
    if (report.run !== this.report.run) this.forget();
    this.report = report;
    this.isOld = false;
    if (this.awaited && shows(this.awaited, report)) this.forget();
    this.changed();
  }

  /** @param {string} refusal "" where the command was obeyed */
  obeyed(refusal) {
    if (refusal) {
      this.forget();
      this.refusal = refusal;
    } else if (this.awaited?.command === 'learning_rate') {
      this.forget();
      this.say('success');
    } else if (this.awaited) {
      this.awaited.obeyed = true;
      this.callOff = this.clock.later(() => this.wait(), SLOW_MS);
    }
    this.changed();
  }

  wait() {
    this.say('slow');
    this.callOff = this.clock.later(() => {
      if (this.awaited) this.awaited.again = true;
      this.changed();
    }, PATIENCE_MS);
    this.changed();
  }

  /** The connection ended before the answer came. */
  unknown() {
    this.forget();
    this.say('unknown');
    this.changed();
  }

  /** @param {boolean} is */
  reached(is) {
    this.connected = is;
    if (!is) {
      this.isOld = true;
      if (this.awaited?.obeyed) this.forget();
    }
    this.changed();
  }

  forget() {
    this.callOff();
    this.awaited = null;
    this.say('');
  }

  /** @param {Note} note */
  say(note) {
    this.note = note;
    this.refusal = '';
  }
}

/**
 * Whether the run is where the command leads.
 *
 * @param {Awaited} awaited
 * @param {Told} report
 */
function shows({ command, state, step }, report) {
  if (command === 'learning_rate') return false;
  if (command === 'batch') return report.state !== 'running' && (report.step > step || report.state !== state);
  return report.state !== state || (command === 'epoch' && report.step > step);
}
