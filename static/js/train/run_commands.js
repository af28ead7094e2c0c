// @ts-check
// What commands the run that Train shows, over the live channel: the buttons above the chart, the rate beside it.

import { clock } from '../lib/clock.js';
import { ConnectionNotice } from '../lib/connection_notice.js';
import { el } from '../lib/dom.js';
import { live } from '../lib/live.js';
import { follow, latest, view } from './latest_run.js';
import { Steering } from './steering_model.js';

/**
 * What the page gives each of them; the newest word of the server counts more than the page's.
 *
 * @template Words
 * @typedef {import('./payload.js').SteeredData & { words: Words }} Data
 */

/** @template {import('./payload.js').NoteWords} Words */
export class RunCommands {
  /** @param {HTMLElement & ShadowRoot} host @param {Data<Words>} data @param {string} style */
  constructor(host, data, style) {
    this.data = data;
    this.question = '';
    this.connectionNotice = new ConnectionNotice();
    this.note = el('p', { class: 'note', role: 'status', hidden: true });
    this.root = el('div', 'steered');
    host.replaceChildren(el('style', '', STYLE + style), this.root);
    /** @type {Steering} */
    this.steering = new Steering(
      (command, value) => this.send(command, value),
      () => this.show(),
      clock,
    );
    /** @type {import('../lib/live.js').Line<object>} it asks nothing */
    this.line = live().line('', {
      answer: () => {},
      connected: (is) => this.reached(is),
      obeyed: (refusal) => this.steering.obeyed(refusal),
      unknown: () => this.steering.unknown(),
    });
    this.unfollow = follow((header) => header.run === this.data.run && this.steering.hear(header));
  }

  /** @param {Data<Words>} data */
  update(data) {
    const { run, name } = data;
    this.data = data;
    this.connectionNotice.element.textContent = data.words.lost;
    if (this.question !== `${run} ${name}`) {
      this.steering.reached(this.line.channel.open);
      this.steering.hear(latest.header?.run === run ? latest.header : data);
    }
    this.question = `${run} ${name}`;
    this.show();
  }

  /** @param {string} command @param {number | null} value @returns {boolean} */
  send(command, value) {
    const { name, language } = this.data;
    const isSent = this.line.command(command, name, value, language);
    view.ask(); // behind the command on the same socket, so it is answered when the command has been obeyed
    return isSent;
  }

  /** @param {boolean} is */
  reached(is) {
    this.connectionNotice.connected(is);
    this.steering.reached(is);
  }

  /** Brings what is drawn to what is known. */
  show() {
    const { note, refusal } = this.steering;
    const text = refusal || (note && this.data.words[note]);
    if (this.note.textContent !== text) this.note.textContent = text;
    this.note.hidden = !text;
    this.note.classList.toggle('refusal', refusal !== '');
  }

  end() {
    this.unfollow();
    this.connectionNotice.end();
    this.steering.forget();
    this.line.end();
  }
}

/**
 * A button that keeps the focus while it can do nothing.
 *
 * @param {string} command
 * @param {string} icon a name of Material Symbols, which the page has loaded; "" for none
 * @param {() => void} press
 */
export function button(command, icon, press) {
  const picture = icon ? el('span', { class: 'icon', 'aria-hidden': 'true', translate: 'no' }, icon) : null;
  return el('button', { type: 'button', 'data-command': command, onclick: press }, picture, el('span', 'word'));
}

/** @param {HTMLButtonElement} element @param {string} word @param {boolean} can @param {boolean} waits */
export function showButton(element, word, can, waits) {
  const label = element.lastElementChild;
  if (label && label.textContent !== word) label.textContent = word;
  element.setAttribute('aria-disabled', String(!can));
  if (waits) element.setAttribute('aria-busy', 'true');
  else element.removeAttribute('aria-busy');
}

const STYLE = `
.steered { font-family: var(--st-font); color: var(--st-text-color); font-size: 1rem; line-height: 1.6; }
.note, .lost { margin: .35rem 0 0; font-size: .875rem; line-height: 1.4; opacity: .85; max-width: 40rem; }
.note.refusal, .lost { opacity: 1; color: light-dark(#a33a00, #ffab66); }
[hidden] { display: none !important; }
button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 2.5rem; margin: 0;
  padding: .25rem .75rem; font: inherit; line-height: 1.6; color: inherit; cursor: pointer; user-select: none;
  white-space: nowrap; background: var(--st-background-color); border: 1px solid var(--st-border-color, #8884);
  border-radius: var(--st-button-radius, .5rem); }
button .word { font-size: .875rem; }
button .icon { font-family: 'Material Symbols Rounded'; font-size: 1rem; line-height: 1; width: 1rem;
  overflow: hidden; font-feature-settings: 'liga'; -webkit-font-smoothing: antialiased; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
button:active { background: var(--st-primary-color); color: #fff; }
button.primary { background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff; }
button[aria-disabled=true] { cursor: not-allowed; background: transparent; color: inherit;
  border-color: var(--st-border-color, #8884); }
button[aria-disabled=true] > * { opacity: .4; }
button[aria-busy=true] > * { opacity: .7; }
`;
