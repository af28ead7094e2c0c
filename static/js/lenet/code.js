// @ts-check
// The two listings beside the stage, with the expression lit that this step runs or, going back, undoes.

import { el } from '../lib/dom.js';

/**
 * @param {import('./payload.js').ListingData} code
 * @param {number[][]} lit line, from, to: -1 is the end of the line
 * @param {boolean} back
 */
export function listing({ title, lines, first }, lit, back) {
  const box = el(
    'div',
    { class: `listing${back ? ' back' : ''}`, tabindex: '0' },
    title ? el('div', { class: 'title' }, title) : '',
  );
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  lines.forEach((text, i) => {
    const light = lit.find(([line]) => line === i);
    const line = el('div', { class: light ? 'line lit' : 'line' });
    if (first) line.title = String(first + i);
    const visibleText = text.slice(indent);
    const [start, end] = light
      ? [Math.max(light[1] - indent, 0), light[2] < 0 ? visibleText.length : light[2] - indent]
      : [0, 0];
    if (light && (start > 0 || end < visibleText.length)) {
      line.append(
        ...breakable(visibleText.slice(0, start)),
        el('mark', {}, ...breakable(visibleText.slice(start, end))),
        ...breakable(visibleText.slice(end)),
      );
    } else line.append(...breakable(visibleText || ' '));
    box.append(line);
  });
  return box;
}

/** Lets a long line break after an opening bracket or a comma rather than anywhere. @param {string} text */
function breakable(text) {
  const parts = text.split(/(?<=[(,])/);
  return parts.flatMap((part, i) => (i < parts.length - 1 ? [part, document.createElement('wbr')] : [part]));
}

/** Scrolls the lit line into the listing's own view, never the page. @param {HTMLElement} box */
export function follow(box) {
  const lit = /** @type {HTMLElement | null} */ (box.querySelector('.lit'));
  if (!lit) return;
  const apart = lit.offsetTop - box.offsetTop;
  if (apart < box.scrollTop || apart > box.scrollTop + box.clientHeight - 30) {
    box.scrollTop = Math.max(0, apart - box.clientHeight / 2);
  }
}
