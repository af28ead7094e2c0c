// @ts-check
// Tabs over panels, of which one is open; arrows move from tab to tab.

import { el } from '../lib/dom.js';

/** @template {string} Name */
export class Tabs {
  /**
   * @param {string} label
   * @param {{ name: Name, text: string, panel: HTMLElement }[]} panels
   * @param {(name: Name) => void} open is asked for a tab; `select` answers
   */
  constructor(label, panels, open) {
    this.panels = panels;
    this.open = open;
    this.buttons = panels.map(({ name, text }, i) => this.button(name, text, i));
    for (const { name, panel } of panels) {
      panel.setAttribute('role', 'tabpanel');
      panel.id = `panel-${name}`;
      panel.setAttribute('aria-labelledby', `tab-${name}`);
    }
    this.element = el('div', { class: 'tabs', role: 'tablist', 'aria-label': label }, ...this.buttons);
  }

  /** @param {Name} name @param {string} text @param {number} i */
  button(name, text, i) {
    const facts = { role: 'tab', id: `tab-${name}`, 'data-tab': name, 'aria-controls': `panel-${name}` };
    const button = el('button', facts, text);
    button.addEventListener('click', () => this.open(name));
    button.addEventListener('keydown', (event) => this.press(event, i));
    return button;
  }

  /** @param {KeyboardEvent} event @param {number} i */
  press(event, i) {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    const { length } = this.panels;
    const next = (i + direction + length) % length;
    this.open(this.panels[next].name);
    this.buttons[next].focus();
  }

  /** @param {Name} name */
  select(name) {
    for (const [i, each] of this.panels.entries()) {
      each.panel.hidden = each.name !== name;
      this.buttons[i].setAttribute('aria-selected', String(each.name === name));
      this.buttons[i].tabIndex = each.name === name ? 0 : -1;
    }
  }
}
