// @ts-check
// Programs side by side: the lines that carry out the same idea light up together.
//
// data: {panes: [{title, lines: [{text, ideas}]}], ideas: [{name, title, formula, shape, why}], labels}.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';

const STYLE = `
.panes { font-family: var(--st-font); color: var(--st-text-color); }
.panes-ideas { display: flex; flex-wrap: wrap; gap: .35rem; margin-bottom: .5rem; }
.panes-ideas button { font: .82rem var(--st-code-font); color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: 1rem; padding: .3rem .7rem; cursor: pointer; }
.panes-ideas button[aria-pressed=true] { background: var(--st-primary-color); color: #fff; border-color: transparent; }
.panes button:focus-visible, .panes [tabindex]:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.panes-said { min-height: 3.4rem; padding: .5rem .8rem; border-left: 3px solid var(--st-primary-color);
  background: var(--st-secondary-background-color); border-radius: 0 .4rem .4rem 0; margin-bottom: .6rem; font-size: .9rem; }
.panes-said b { font: 600 .95rem var(--st-code-font); margin-right: .8rem; }
.panes-said code { font: .85rem var(--st-code-font); opacity: .85; }
.panes-all { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: .75rem; }
.panes-one { border: 1px solid var(--st-border-color); border-radius: .5rem; min-width: 0; background: var(--st-secondary-background-color); }
.panes-one h2 { margin: 0; padding: .45rem .7rem; font-size: .9rem; border-bottom: 1px solid var(--st-border-color); }
.panes-code { overflow-x: auto; padding: .4rem 0; font: .74rem/1.5 var(--st-code-font); }
.panes-inner { width: max-content; min-width: 100%; }
.panes-line { white-space: pre; padding: 0 .7rem; min-height: 1.5em; border-left: 3px solid transparent; }
.panes-line.can { cursor: pointer; }
.panes-line.lit { background: color-mix(in srgb, var(--st-primary-color) 24%, transparent); border-left-color: var(--st-primary-color); }
@media (max-width: 700px) {
  .panes-all { display: flex; overflow-x: auto; scroll-snap-type: x mandatory; }
  .panes-one { flex: 0 0 88%; scroll-snap-align: start; }
}
`;

function build(state) {
  const { data, root } = state;
  state.lines = [];
  const ideas = el('div', 'panes-ideas');
  ideas.setAttribute('role', 'group');
  ideas.setAttribute('aria-label', data.labels.ideas);
  state.buttons = data.ideas.map((idea) => {
    const button = el('button', '', idea.title);
    button.onclick = () => light(state, [idea.name], true);
    button.onpointerenter = (event) => event.pointerType === 'mouse' && light(state, [idea.name]);
    ideas.append(button);
    return [idea.name, button];
  });
  state.said = el('div', 'panes-said');
  state.said.setAttribute('aria-live', 'polite');
  const all = el('div', 'panes-all');
  all.append(...data.panes.map((pane, number) => onePane(state, pane, number)));
  root.replaceChildren(el('style', '', STYLE), ideas, state.said, all);
  all.onpointerleave = () => light(state, state.held);
}

function onePane(state, { title, lines }, number) {
  const box = el('section', 'panes-one');
  const code = el('div', 'panes-code');
  const inner = el('div', 'panes-inner');
  code.tabIndex = 0;
  code.setAttribute('role', 'group');
  code.setAttribute('aria-label', `${title}. ${state.data.labels.keys}`);
  const own = [];
  let at = -1; // the line at which the arrow keys stand
  const told = new Set(state.data.ideas.map(({ name }) => name));
  for (const { text, ideas } of lines) {
    const can = ideas.some((idea) => told.has(idea));
    const line = el('div', `panes-line${can ? ' can' : ''}`, text);
    inner.append(line);
    state.lines.push({ line, ideas, number });
    if (!can) continue;
    const place = own.push(ideas) - 1;
    line.onpointerenter = (event) => event.pointerType === 'mouse' && light(state, ideas);
    line.onclick = () => {
      at = place;
      light(state, ideas, true);
    };
  }
  code.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    at = Math.max(0, Math.min(own.length - 1, at + step));
    light(state, own[at], true);
  };
  code.append(inner);
  box.append(el('h2', '', title), code);
  return box;
}

// Light every line that shares an idea; hold says that it stays when the pointer leaves.
function light(state, ideas, hold = false) {
  if (hold) state.held = ideas;
  const share = (other) => other.some((idea) => ideas.includes(idea));
  for (const { line, ideas: its } of state.lines) line.classList.toggle('lit', share(its));
  for (const [name, button] of state.buttons) button.setAttribute('aria-pressed', String(ideas.includes(name)));
  const told = state.data.ideas.filter(({ name }) => ideas.includes(name));
  state.said.replaceChildren(
    ...told.map(({ formula, shape, why }) => {
      const row = el('div');
      row.append(el('b', '', formula), el('code', '', shape), document.createTextNode(` ${why}`));
      return row;
    }),
  );
  if (!told.length) state.said.textContent = state.data.labels.hint;
}

export default drawing({
  mount({ data, parentElement }) {
    const state = { root: el('div', 'panes'), held: [data.start] };
    parentElement.append(state.root);
    return state;
  },
  update(state, { data }) {
    const signature = JSON.stringify(data);
    if (signature === state.signature) return;
    Object.assign(state, { data, signature });
    build(state);
    light(state, state.held);
  },
  end: (state) => state.root.remove(),
});
