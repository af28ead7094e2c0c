// @ts-check
// The buttons above the chart of a run: resume, pause, one batch, one epoch, stop.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { markDrawn } from '../lib/mark_drawn.js';
import { button, RunCommands, showButton } from './run_commands.js';

/**
 * @typedef {import('./payload.js').ButtonsData} Data
 * @typedef {import('./payload.js').ButtonWords} Words
 */

/** @type {[command: string, icon: string][]} */
const BUTTONS = [
  ['resume', 'play_arrow'],
  ['pause', 'pause'],
  ['batch', 'skip_next'],
  ['epoch', 'fast_forward'],
  ['stop', 'stop'],
];
const RESUMABLE = ['paused', 'interrupted', 'stopped'];
const FINAL = ['finished', 'diverged']; // the page shows the way on in their place

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Data>} */ { parentElement, data }) =>
    new Buttons(parentElement, data),
  update: (buttons, { data }) => buttons.update(data),
  end: (buttons) => buttons.end(),
});

/** @extends {RunCommands<Words>} */
class Buttons extends RunCommands {
  /** @param {HTMLElement & ShadowRoot} host @param {Data} data */
  constructor(host, data) {
    super(host, data, STYLE);
    /** @type {Map<string, HTMLButtonElement>} */
    this.all = new Map();
    for (const [command, icon] of BUTTONS) {
      this.all.set(
        command,
        button(command, icon, () => this.steering.command(command)),
      );
    }
    this.all.get('resume')?.classList.add('primary');
    this.root.append(el('div', 'row', ...this.all.values()), this.connectionNotice.element, this.note);
    markDrawn(host);
  }

  /** @override */
  show() {
    super.show();
    const { report, awaited } = this.steering;
    for (const [command, element] of this.all ?? []) {
      element.hidden = FINAL.includes(report.state) || (report.state === 'stopped' && command !== 'resume');
      const word = command === 'resume' && !RESUMABLE.includes(report.state) ? 'start' : command;
      showButton(
        element,
        this.data.words[/** @type {keyof Words} */ (word)],
        this.steering.may(command),
        awaited?.command === command,
      );
    }
    Object.assign(this.root.dataset, { run: report.run, state: report.state, awaited: awaited?.command ?? '' });
  }
}

const STYLE = '.row { display: flex; flex-wrap: wrap; gap: .5rem; }';
