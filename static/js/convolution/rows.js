// @ts-check
// The rows of a network: one line a layer, edited in place; shape, parameters and receptive field beside it.
//
// An edit is reported at once as the whole list; what each row then gives comes back from Python.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';

const TYPING_MS = 250;

const STYLE = `
.rows { font-family: var(--st-font); color: var(--st-text-color); font-size: .9rem; }
.row { display: grid; grid-template-columns: 2rem minmax(6.5rem, 7.5rem) 1fr auto auto; gap: .3rem .6rem;
  align-items: center; padding: .25rem .4rem; border-bottom: 1px solid var(--st-border-color); }
.row.bad { background: rgba(217, 115, 13, .14); border-left: 4px solid #d9730d; }
.row.after { opacity: .65; }
.n { opacity: .75; font-variant-numeric: tabular-nums; }
.options { display: flex; flex-wrap: wrap; gap: .25rem .5rem; }
.options label { display: inline-flex; align-items: center; gap: .3rem; font-size: .78rem; }
.options .name { opacity: .75; font-family: var(--st-code-font); }
input, select { font: inherit; color: inherit; background: var(--st-secondary-background-color); min-height: 2rem;
  border: 1px solid var(--st-border-color); border-radius: 5px; padding: 0 .35rem; box-sizing: border-box; }
input { width: 3.3rem; } select { width: 100%; }
input:focus-visible, select:focus-visible, button:focus-visible { outline: 2px solid var(--st-primary-color); }
.gives { text-align: right; font-family: var(--st-code-font); font-size: .8rem; white-space: nowrap; }
.gives small { display: block; opacity: .7; }
.tools { display: flex; gap: .15rem; }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 5px;
  min-width: 2rem; min-height: 2rem; cursor: pointer; }
button:hover { background: var(--st-secondary-background-color); }
button:disabled { opacity: .25; cursor: default; }
.add { border: 1px dashed var(--st-border-color); width: 100%; margin-top: .4rem; }
.problem { grid-column: 2 / -1; font-size: .85rem; }
.problem code { display: block; opacity: .8; font-family: var(--st-code-font); font-size: .78rem; margin-top: .2rem; }
.problem .mend { border: 1px solid var(--st-primary-color); padding: 0 .6rem; margin-top: .3rem; }
@media (max-width: 560px) { .row { grid-template-columns: 1.4rem 1fr auto; } .options { grid-column: 2 / -1; grid-row: 2; }
  .gives { grid-column: 2; grid-row: 3; text-align: left; } .tools { grid-column: 3; grid-row: 1; } .problem { grid-row: 4; } }
`;

export default drawing({
  mount({ parentElement }) {
    const root = el('div', 'rows');
    parentElement.replaceChildren(el('style', '', STYLE), root);
    return { root, count: 0 };
  },
  update(state, { data, setStateValue }) {
    state.send = (rows) => setStateValue('rows', { rows, count: ++state.count });
    update(state, data);
  },
  end: (state) => clearTimeout(state.timer),
});

// What is on the screen, whatever the order in which options were typed.
const signature = (rows, labels) =>
  JSON.stringify([rows.map((row) => [row.kind, Object.entries(row.options).sort()]), labels]);

// Rebuild only when the rows themselves differ from what is on the screen, so that typing keeps its place.
function update(state, data) {
  const wanted = signature(data.rows, data.labels);
  state.data = data;
  if (wanted !== state.drawn && !state.typing) {
    state.rows = data.rows.map((row) => ({ kind: row.kind, options: { ...row.options } }));
    state.drawn = wanted;
    draw(state);
  }
  results(state);
}

function changed(state, redraw = true) {
  state.drawn = signature(state.rows, state.data.labels);
  if (redraw) draw(state);
  state.send(state.rows);
}

function draw(state) {
  state.root.replaceChildren(...state.rows.map((row, n) => line(state, row, n)));
  const add = el('button', 'add', `+ ${state.data.labels.add}`);
  add.addEventListener('click', () => {
    state.rows.push({ kind: 'relu', options: {} });
    changed(state);
    state.root.querySelectorAll('select')[state.rows.length - 1].focus();
  });
  state.root.append(add);
}

function line(state, row, n) {
  const { kinds, labels } = state.data;
  const box = el('div', 'row');
  const select = el('select', '');
  select.setAttribute('aria-label', `${labels.layer} ${n + 1}`);
  for (const [kind, { title }] of Object.entries(kinds)) {
    select.append(Object.assign(el('option', '', title), { value: kind, selected: kind === row.kind }));
  }
  select.addEventListener('change', () => {
    state.rows[n] = { kind: select.value, options: {} };
    changed(state);
    state.root.querySelectorAll('select')[n].focus();
  });
  const options = el('div', 'options');
  for (const option of kinds[row.kind].options) options.append(field(state, row, option));
  const tools = el('div', 'tools');
  tools.append(
    tool('↑', labels.up, n === 0, () => move(state, n, -1)),
    tool('↓', labels.down, n === state.rows.length - 1, () => move(state, n, 1)),
    tool('✕', labels.remove, false, () => {
      state.rows.splice(n, 1);
      changed(state);
    }),
  );
  box.append(el('span', 'n', String(n + 1)), select, options, el('div', 'gives'), tools);
  return box;
}

function tool(text, title, disabled, action) {
  const button = Object.assign(el('button', '', text), { title, disabled });
  button.setAttribute('aria-label', title);
  button.addEventListener('click', action);
  return button;
}

function move(state, n, by) {
  [state.rows[n], state.rows[n + by]] = [state.rows[n + by], state.rows[n]];
  changed(state);
}

function field(state, row, option) {
  const label = el('label', '');
  const input = el('input', '');
  input.value = row.options[option.name] ?? '';
  input.placeholder = option.default === null ? state.data.labels.auto : option.default;
  input.inputMode = option.word ? 'text' : 'decimal';
  input.autocomplete = 'off';
  input.addEventListener('input', () => {
    clearTimeout(state.timer);
    state.typing = true;
    state.timer = setTimeout(() => {
      state.typing = false;
      const text = input.value.trim();
      if (text) row.options[option.name] = text;
      else delete row.options[option.name];
      changed(state, false);
    }, TYPING_MS);
  });
  label.append(el('span', 'name', option.name), input);
  return label;
}

// What each row gives, and at the first impossible one, why.
function results(state) {
  const { results: found, labels } = state.data;
  state.root.querySelectorAll('.row').forEach((box, n) => {
    const result = found[n];
    box.classList.toggle('bad', Boolean(result?.problem));
    box.classList.toggle('after', !result);
    box.querySelector('.problem')?.remove();
    const gives = box.querySelector('.gives');
    gives.textContent = result?.shape ?? '';
    for (const detail of result?.details ?? []) gives.append(el('small', '', detail));
    if (!result?.problem) return;
    const problem = el('div', 'problem', result.problem);
    problem.setAttribute('role', 'alert');
    if (result.message) problem.append(el('code', '', `${labels.torch} ${result.message}`));
    if (result.right) {
      const mend = el('button', 'mend', fill(labels.mend, { n: result.right }));
      mend.addEventListener('click', () => {
        state.rows[n].options.in_features = String(result.right);
        changed(state);
      });
      problem.append(mend);
    }
    box.append(problem);
  });
}
