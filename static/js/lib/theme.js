// @ts-check
// A canvas keeps the colours that it was painted with: it is told when the theme is another, and asks which one it is.

const SOON = 'color 1ms';

/**
 * Whether the theme of an element is dark: its text is light.
 *
 * @param {Element | null} element of the page; null is in a light one
 */
export const isDark = (element) => element !== null && lightness(getComputedStyle(element).color) > 0.5;

/** Whether the theme of the page is dark. */
export const isPageDark = () => isDark(document.querySelector('[data-testid=stApp]'));

/** @param {string} colour "rgb(r, g, b)" @returns {number} from 0 to 1 */
function lightness(colour) {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.3 * r + 0.59 * g + 0.11 * b) / 255;
}

/**
 * Calls `paint` when the theme has changed. Each theme has a colour of text of its own, and a browser tells of a
 * change of a colour when it comes about within some time, however short. What is printed is in a light theme, at
 * once: `paint` has painted when it returns.
 *
 * @param {HTMLElement} element what has the theme's colour of text
 * @param {() => void} paint
 */
export function onTheme(element, paint) {
  element.style.transition = SOON;
  element.addEventListener('transitionend', ({ target, propertyName }) => {
    if (target === element && propertyName === 'color') paint();
  });
  const events = ['beforeprint', 'afterprint'];
  // Of all elements first: one whose colour still turns into another one would give that to those inside it.
  const stop = () => {
    element.style.transition = 'none';
  };
  const print = () => {
    if (!element.isConnected) {
      for (const name of events) {
        window.removeEventListener(name, stop, true);
        window.removeEventListener(name, print);
      }
      return;
    }
    void getComputedStyle(element).color; // the other one from here on
    paint();
    element.style.transition = SOON;
  };
  for (const name of events) {
    window.addEventListener(name, stop, true);
    window.addEventListener(name, print);
  }
}
