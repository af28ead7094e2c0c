// @ts-check
// A page is printed dark on white, in a dark theme too (static/css/print.css).

import { printTheme } from '../lib/theme.js';

export function printDarkOnWhite() {
  window.addEventListener('beforeprint', () => printTheme(true));
  window.addEventListener('afterprint', () => printTheme(false));
}
