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

/** @type {WeakMap<HTMLElement, () => void>} */
const paints = new WeakMap();
/** @type {Set<WeakRef<HTMLElement>>} */
const elements = new Set();

/**
 * Calls `paint` when the theme has changed. Each theme has a colour of text of its own, and a browser tells of a
 * change of a colour when it comes about within some time, however short.
 *
 * @param {HTMLElement} element what has the theme's colour of text
 * @param {() => void} paint
 */
export function onTheme(element, paint) {
  element.style.transition = SOON;
  element.addEventListener('transitionend', ({ target, propertyName }) => {
    if (target === element && propertyName === 'color') paint();
  });
  paints.set(element, paint);
  elements.add(new WeakRef(element));
}

/**
 * Gives the page the light theme in which it is printed, or its own again; all is painted when this returns.
 *
 * @param {boolean} isPrinted
 */
export function printTheme(isPrinted) {
  document.documentElement.dataset.printing = String(isPrinted);
  for (const each of elements) if (!each.deref()) elements.delete(each);
  const there = [...elements].flatMap((each) => each.deref() ?? []).filter((each) => each.isConnected);
  // All at once first: a colour that still turns into another one would be passed on to what stands inside.
  for (const { style } of there) style.transition = 'none';
  for (const each of there) void getComputedStyle(each).color; // the other one from here on
  for (const each of there) paints.get(each)?.();
  for (const { style } of there) style.transition = SOON;
}

/** In forced colours there is no background that says what is chosen: the system's colours do. */
export const CHOSEN_STYLE = `@media (forced-colors: active) {
  button[aria-pressed=true] { forced-color-adjust: none; background: Highlight !important;
    color: HighlightText !important; }
}`;
