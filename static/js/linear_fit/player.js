// @ts-check
// A training, played back: curves of six weights and the loss, a scrubber, single steps with their gradient.
//
// The numbers of its message: weights (T+1)*6, gradients T*6, losses T, batches T*B.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { unpack } from '../lib/message.js';
import { decimal } from '../lib/numbers.js';
import { inkOn, POSITIVE, signed } from '../lib/palette.js';
import { decade, lossRange, niceTicks, trainingOf, weightRange } from './model.js';

const COLORS = ['#1f6feb', '#d9730d', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9'];

const STYLE = `
.fit { font-family: var(--st-font); color: var(--st-text-color); font-size: .9rem; }
.fit-bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: .5rem; }
.fit-bar button { font: inherit; color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: .5rem; padding: .35rem .7rem; cursor: pointer; min-width: 2.6rem; }
.fit-bar button:hover { border-color: var(--st-primary-color); }
.fit-bar button.fit-play { background: var(--st-primary-color); color: #fff; min-width: 6.5rem; border-color: transparent; }
.fit button:focus-visible, .fit input:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.fit-bar input { flex: 1 1 12rem; min-width: 8rem; accent-color: var(--st-primary-color); }
.fit-bar output { min-width: 10.5rem; text-align: right; font-variant-numeric: tabular-nums; }
.fit-plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: .75rem; }
.fit-plots figure { margin: 0; } .fit-plots figcaption { font-weight: 600; margin-bottom: .15rem; }
.fit-plots canvas { width: 100%; height: 260px; display: block; cursor: ew-resize; touch-action: pan-y; }
.fit-legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-family: var(--st-code-font); font-size: .78rem; min-height: 1.3rem; }
.fit-legend i { display: inline-block; width: 1rem; height: .2rem; vertical-align: middle; margin-right: .3rem; }
.fit-tables { display: flex; flex-wrap: wrap; gap: .75rem 1.2rem; margin-top: .75rem; align-items: flex-start; }
.fit-tables h2 { margin: 0 0 .25rem; font-size: .85rem; font-weight: 600; }
.fit-grid { display: grid; grid-template-columns: repeat(2, 4.9rem); gap: 2px; }
.fit-grid > * { font: .85rem var(--st-code-font); border: 0; border-radius: .25rem; padding: .4rem .3rem; text-align: right;
  font-variant-numeric: tabular-nums; }
.fit-grid button { cursor: pointer; } .fit-grid button[aria-pressed=true] { outline: 2px solid var(--st-primary-color); }
.fit-step { margin-top: .6rem; padding: .6rem .8rem; border: 1px solid var(--st-border-color); border-radius: .5rem; min-height: 5.2rem; }
.fit-step p { margin: 0 0 .25rem; } .fit-step code { font: .85rem var(--st-code-font); overflow-wrap: anywhere; }
.fit-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;

function mount({ parentElement: host }) {
  const root = el('div', 'fit');
  root.append(el('style', '', STYLE));
  const p = { root, at: 0, chosen: 0, playing: false, speed: 0, ghost: null };
  buildBar(p);
  buildPlots(p);
  p.tables = el('div', 'fit-tables');
  p.grids = [true, false, false, false].map((clickable) => grid(p, clickable));
  p.tables.append(...p.grids.map(({ box }) => box));
  p.step = el('div', 'fit-step');
  p.said = el('div', 'fit-said');
  p.said.setAttribute('aria-live', 'polite');
  root.append(p.bar, p.plots, p.legend, p.tables, p.step, p.said);
  host.append(root);
  p.observer = new ResizeObserver(() => p.fit && draw(p));
  p.observer.observe(root);
  return p;
}

function buildBar(p) {
  p.bar = el('div', 'fit-bar');
  p.play = el('button', 'fit-play');
  p.back = el('button', '', '−1');
  p.forth = el('button', '', '+1');
  p.pace = el('button');
  p.slider = Object.assign(el('input'), { type: 'range', min: 0, step: 1 });
  p.where = el('output');
  p.bar.append(p.play, p.back, p.forth, p.pace, p.slider, p.where);
  p.play.onclick = () => (p.playing ? pause(p) : play(p));
  p.back.onclick = () => go(p, p.at - 1);
  p.forth.onclick = () => go(p, p.at + 1);
  p.pace.onclick = () => {
    p.speed = (p.speed + 1) % 3;
    p.started = null;
    words(p);
  };
  p.slider.oninput = () => go(p, Number(p.slider.value));
  // A key that leaves the value as it is, such as Home at the start, sends no input event.
  p.slider.onkeydown = (event) => {
    if (event.key !== 'Tab' && p.playing) pause(p);
  };
}

function buildPlots(p) {
  p.plots = el('div', 'fit-plots');
  p.legend = el('div', 'fit-legend');
  for (const name of ['left', 'right']) {
    const figure = el('figure');
    const canvas = el('canvas');
    p[`${name}Title`] = el('figcaption');
    figure.append(p[`${name}Title`], canvas);
    p.plots.append(figure);
    p[name] = canvas;
    const scrub = (event) => {
      const box = canvas.getBoundingClientRect();
      const share = (event.clientX - box.left - 48) / (box.width - 56);
      go(p, Math.round(share * p.fit.done));
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      scrub(event);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (event.buttons) scrub(event);
    });
  }
}

function pause(p) {
  p.playing = false;
  cancelAnimationFrame(p.raf);
  words(p);
  say(p);
}

function go(p, to) {
  if (p.playing) pause(p);
  p.at = Math.max(0, Math.min(p.fit.done, to || 0));
  draw(p);
  say(p);
}

// Paces: the whole run in six seconds, fifty iterations a second, two iterations a second.
const perSecond = (p) => [Math.max(1, p.fit.done / 6), 50, 2][p.speed];

function play(p) {
  if (p.at >= p.fit.done) p.at = 0;
  p.playing = true;
  p.started = null;
  const tick = (now) => {
    if (!p.playing || !p.root.isConnected) return;
    if (p.started === null) {
      p.started = now;
      p.from = p.at;
    }
    p.at = Math.min(p.fit.done, Math.floor(p.from + ((now - p.started) / 1000) * perSecond(p)));
    draw(p);
    if (p.at >= p.fit.done) pause(p);
    else p.raf = requestAnimationFrame(tick);
  };
  p.raf = requestAnimationFrame(tick);
  words(p);
}

function words(p) {
  const { labels } = p.fit;
  p.play.textContent = p.playing ? labels.pause : labels.play;
  p.back.title = labels.back;
  p.forth.title = labels.forth;
  p.back.setAttribute('aria-label', `${p.back.textContent} ${labels.back}`);
  p.forth.setAttribute('aria-label', `${p.forth.textContent} ${labels.forth}`);
  p.pace.textContent = labels.paces[p.speed];
  p.pace.title = labels.pace;
  p.slider.max = p.fit.done;
  p.slider.setAttribute('aria-label', labels.iteration);
  p.leftTitle.textContent = labels.weights;
  p.rightTitle.textContent = labels.loss;
  p.legend.replaceChildren(
    ...p.fit.names.map((name, i) => {
      const item = el('span');
      const swatch = el('i');
      swatch.style.background = COLORS[i];
      item.append(swatch, document.createTextNode(name));
      return item;
    }),
  );
}

const css = (p, name) => getComputedStyle(p.root).getPropertyValue(name).trim();

function frame(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.font = '12px sans-serif';
  return { g, width, height, left: 48, right: width - 8, top: 8, bottom: height - 24 };
}

function axes(p, f, ticks, toY, text) {
  const { g } = f;
  g.strokeStyle = css(p, '--st-border-color');
  g.fillStyle = css(p, '--st-text-color');
  g.lineWidth = 1;
  g.textAlign = 'right';
  g.textBaseline = 'middle';
  for (const tick of ticks) {
    const y = toY(tick);
    g.beginPath();
    g.moveTo(f.left, y);
    g.lineTo(f.right, y);
    g.stroke();
    g.fillText(text(tick), f.left - 6, y);
  }
  g.textBaseline = 'top';
  for (const share of [0, 0.5, 1]) {
    g.textAlign = share === 1 ? 'right' : share === 0 ? 'left' : 'center';
    g.fillText(
      Math.round(share * p.fit.done).toLocaleString('en'),
      f.left + share * (f.right - f.left),
      f.bottom + 6,
    );
  }
}

function line(f, count, x, y, stride = 1) {
  const { g } = f;
  g.beginPath();
  for (let i = 0; i < count; i += stride) g.lineTo(x(i), y(i));
  if (count) g.lineTo(x(count - 1), y(count - 1));
  g.stroke();
}

function cursor(p, f, x) {
  f.g.strokeStyle = css(p, '--st-text-color');
  f.g.lineWidth = 1;
  f.g.beginPath();
  f.g.moveTo(x, f.top);
  f.g.lineTo(x, f.bottom);
  f.g.stroke();
}

function drawWeights(p) {
  const f = frame(p.left);
  const {
    weights,
    target,
    done,
    range: [low, high],
  } = p.fit;
  const toY = (value) => f.bottom - ((value - low) / (high - low)) * (f.bottom - f.top);
  const toX = (k) => f.left + (k / Math.max(1, done)) * (f.right - f.left);
  axes(p, f, niceTicks(low, high), toY, (tick) => String(Number(tick.toPrecision(3))).replace('-', '−'));
  f.g.save();
  f.g.beginPath();
  f.g.rect(f.left, f.top, f.right - f.left, f.bottom - f.top);
  f.g.clip();
  const stride = Math.max(1, Math.floor(done / (f.right - f.left)));
  for (let i = 0; i < 6; i += 1) {
    f.g.strokeStyle = COLORS[i];
    f.g.setLineDash([5, 4]);
    f.g.lineWidth = 1;
    f.g.beginPath();
    f.g.moveTo(f.left, toY(target[i]));
    f.g.lineTo(f.right, toY(target[i]));
    f.g.stroke();
    f.g.setLineDash([]);
    f.g.lineWidth = i === p.chosen ? 3 : 1.8;
    line(f, p.at + 1, toX, (k) => toY(weights[k * 6 + i]), stride);
    f.g.fillStyle = COLORS[i];
    f.g.beginPath();
    f.g.arc(toX(p.at), toY(weights[p.at * 6 + i]), 4, 0, 7);
    f.g.fill();
  }
  cursor(p, f, toX(p.at));
  f.g.restore();
}

function drawLoss(p) {
  const f = frame(p.right);
  const {
    losses,
    done,
    decades: [low, high],
  } = p.fit;
  const toY = (exponent) => f.bottom - ((exponent - low) / (high - low)) * (f.bottom - f.top);
  const toX = (k) => f.left + (k / Math.max(1, done)) * (f.right - f.left);
  const every = Math.max(1, Math.ceil((high - low) / 6));
  const ticks = [];
  for (let tick = Math.ceil(low); tick <= high; tick += every) ticks.push(tick);
  axes(p, f, ticks, toY, (tick) => `1e${tick}`.replace('-', '−'));
  f.g.save();
  f.g.beginPath();
  f.g.rect(f.left, f.top, f.right - f.left, f.bottom - f.top);
  f.g.clip();
  if (p.ghost) {
    f.g.strokeStyle = css(p, '--st-text-color');
    f.g.globalAlpha = 0.25;
    f.g.lineWidth = 1;
    const { losses: old, done: oldDone } = p.ghost;
    line(f, oldDone, toX, (k) => toY(decade(old[k])));
    f.g.globalAlpha = 1;
  }
  f.g.strokeStyle = POSITIVE;
  f.g.lineWidth = 1.2;
  line(
    f,
    p.at,
    (k) => toX(k + 1),
    (k) => toY(decade(losses[k])),
  );
  cursor(p, f, toX(p.at));
  f.g.restore();
}

// A matrix of 3×2 cells, made once and written again with each iteration: a cell that is held keeps the focus.
function grid(p, clickable) {
  const box = el('div');
  const table = el('div', 'fit-grid');
  const cells = Array.from({ length: 6 }, (_, i) => {
    const cell = el(clickable ? 'button' : 'span');
    if (clickable)
      cell.onclick = () => {
        p.chosen = i;
        draw(p);
      };
    return cell;
  });
  table.append(...cells);
  const heading = el('h2');
  box.append(heading, table);
  const write = (title, values, bound) => {
    heading.textContent = title;
    cells.forEach((cell, i) => {
      const value = values[i];
      cell.textContent = value === null ? 'None' : decimal(value);
      cell.style.background = value === null ? 'var(--st-secondary-background-color)' : signed(value, bound);
      cell.style.color = value === null ? 'var(--st-text-color)' : inkOn(value, bound);
      cell.title = value === null ? p.fit.names[i] : `${p.fit.names[i]} = ${value}`;
      if (!clickable) return;
      cell.setAttribute('aria-pressed', String(i === p.chosen));
      cell.setAttribute('aria-label', `${p.fit.names[i]} ${decimal(value)}`);
    });
  };
  return { box, write };
}

function drawTables(p) {
  const { weights, gradients, target, labels } = p.fit;
  const learned = [...weights.subarray(p.at * 6, p.at * 6 + 6)];
  const bound = Math.max(...target.map(Math.abs), 1e-9);
  const difference = learned.map((value, i) => value - target[i]);
  const gradient = p.at ? [...gradients.subarray((p.at - 1) * 6, p.at * 6)] : Array(6).fill(null);
  const [first, second, third, fourth] = p.grids;
  first.write(labels.learned, learned, bound);
  second.write(labels.target, target, bound);
  third.write(labels.difference, difference, bound);
  fourth.write(labels.gradient, gradient, Math.max(...gradient.map(Math.abs), 1e-9));
}

function drawStep(p) {
  const { labels, weights, gradients, losses, batches, shown, more, names, lr, plain, done, divergedAt } = p.fit;
  p.where.textContent = fill(labels.where, { at: p.at.toLocaleString('en'), done: done.toLocaleString('en') });
  p.slider.value = p.at;
  const lines = [];
  if (!p.at) lines.push(el('p', '', labels.start));
  else {
    const batch = batches.subarray((p.at - 1) * shown, p.at * shown).join(', ') + (more ? ', …' : '');
    lines.push(el('p', '', fill(labels.batch, { at: p.at, batch, loss: decimal(losses[p.at - 1], 6) })));
    const i = p.chosen;
    const [before, after] = [weights[(p.at - 1) * 6 + i], weights[p.at * 6 + i]];
    const slope = gradients[(p.at - 1) * 6 + i];
    const sum = plain
      ? `${names[i]}:  ${decimal(before, 6)} − ${lr} · (${decimal(slope, 6)}) = ${decimal(after, 6)}`
      : `${names[i]}:  ${decimal(before, 6)} → ${decimal(after, 6)}   (∂L/∂w = ${decimal(slope, 6)})`;
    const p2 = el('p');
    p2.append(el('code', '', sum));
    lines.push(p2);
    if (divergedAt !== null && p.at === done) lines.push(el('p', '', labels.diverged));
    else lines.push(el('p', '', plain ? labels.rule : labels.otherRule));
  }
  p.step.replaceChildren(...lines);
}

function draw(p) {
  if (!p.root.clientWidth) return;
  drawWeights(p);
  drawLoss(p);
  drawTables(p);
  drawStep(p);
}

function say(p) {
  p.said.textContent = `${p.where.textContent}. ${p.step.textContent}`;
}

function update(p, { data }) {
  const message = unpack(data);
  const fresh = p.revision !== message.header.revision;
  if (fresh) {
    const next = trainingOf(message);
    p.ghost = p.fit ? { losses: p.fit.losses, done: p.fit.done } : null;
    p.fit = next;
    p.fit.range = weightRange(next);
    p.fit.decades = lossRange(next.losses, p.ghost);
    p.revision = message.header.revision;
    p.at = 0;
  }
  p.fit.labels = message.header.labels;
  words(p);
  if (fresh && matchMedia('(prefers-reduced-motion: reduce)').matches) p.at = p.fit.done;
  draw(p);
  if (fresh && p.at < p.fit.done) play(p);
}

function end(p) {
  p.playing = false;
  cancelAnimationFrame(p.raf);
  p.observer.disconnect();
  p.root.remove();
}

export default drawing({ mount, update, end });
