// @ts-check
// The keys of a walk: arrows and Page Up and Down move, Space plays, Enter goes nearer and Escape farther away.

/** @typedef {import('./walk.js').Walk} Walk */

const FIELDS = new Set(['INPUT', 'TEXTAREA', 'SELECT']);

/** @type {Record<string, (walk: Walk) => void>} */
const COMMANDS = {
  ArrowRight: (walk) => walk.move(1),
  ArrowLeft: (walk) => walk.move(-1),
  Home: (walk) => walk.go(0),
  End: (walk) => walk.go(walk.last),
  PageDown: (walk) => walk.phase(1),
  PageUp: (walk) => walk.phase(-1),
  Escape: (walk) => walk.up(),
};

/** @type {Record<string, (walk: Walk) => void>} keys that press a button which has the focus */
const PRESSES = { ' ': (walk) => walk.player.toggle(), Enter: (walk) => walk.enter() };

export class WalkKeys {
  /** @param {HTMLElement & ShadowRoot} host @param {Walk} walk */
  constructor(host, walk) {
    this.host = host;
    this.walk = walk;
    this.listener = (/** @type {KeyboardEvent} */ event) => this.press(event);
    document.addEventListener('keydown', this.listener);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { host, walk } = this;
    const active = /** @type {ShadowRoot} */ (host.getRootNode()).activeElement ?? document.activeElement;
    const inside = walk.root.contains(active);
    if (!walk.header || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!inside && document.activeElement !== document.body) return;
    if (active && FIELDS.has(active.tagName)) return;
    const isButton = inside && active?.tagName === 'BUTTON';
    const command = COMMANDS[event.key] ?? (isButton ? undefined : PRESSES[event.key]);
    if (!command) return;
    command(walk);
    event.preventDefault();
  }

  end() {
    document.removeEventListener('keydown', this.listener);
  }
}
