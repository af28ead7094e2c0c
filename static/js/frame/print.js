// @ts-check
// A page is printed dark on white, in a dark theme too (static/css/print.css), without what one can only press, and
// with charts that are no wider than the paper.

import { printTheme } from '../lib/theme.js';

// A button that shows something is printed: what is chosen, a picture, a number, a link to a line.
const SHOWS = '[aria-pressed]:not(.play), [role=tab], .line-link, :has(canvas), td *, ol *, .grid-cells *';
const PRESSED = `:is(button:not(${SHOWS}), input[type=range])`;
const SHEET = `@media print { .stBidiComponent ${PRESSED}, :host ${PRESSED} { display: none !important; } }`;

export function printDarkOnWhite() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  window.addEventListener('beforeprint', () => {
    printTheme(true);
    leaveOut(document, sheet);
    for (const chart of document.querySelectorAll('.svg-container')) fitChart(chart);
  });
  window.addEventListener('afterprint', () => {
    printTheme(false);
    for (const chart of document.querySelectorAll('.svg-container')) unfitChart(chart);
  });
}

/**
 * Gives the style sheet to the page and to each drawing in it.
 *
 * @param {Document | ShadowRoot} root
 * @param {CSSStyleSheet} sheet
 */
function leaveOut(root, sheet) {
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) leaveOut(shadowRoot, sheet);
}

/** Lets Plotly's layers be scaled: they have a fixed size in pixels. @param {Element} chart */
function fitChart(chart) {
  const { clientWidth, clientHeight } = chart;
  if (!(chart instanceof HTMLElement) || !clientWidth) return;
  chart.style.setProperty('--printed-width', `${clientWidth}px`);
  chart.style.setProperty('--printed-ratio', `${clientWidth} / ${clientHeight}`);
  for (const layer of chart.querySelectorAll('.main-svg'))
    layer.setAttribute('viewBox', `0 0 ${clientWidth} ${clientHeight}`);
}

/**
 * Gives Plotly's layers back: it draws them for the size of the window, and a view box would scale them.
 *
 * @param {Element} chart
 */
function unfitChart(chart) {
  for (const layer of chart.querySelectorAll('.main-svg')) layer.removeAttribute('viewBox');
}
