// @ts-check
// A canvas keeps the colours that it was painted with: it is told when the theme is another.

/**
 * Calls `paint` when the theme has changed. Each theme has a colour of text of its own, and a browser tells of a
 * change of a colour when it comes about within some time, however short.
 *
 * @param {HTMLElement} element what has the theme's colour of text
 * @param {() => void} paint
 */
export function onTheme(element, paint) {
  element.style.transition = 'color 1ms';
  element.addEventListener('transitionend', ({ target, propertyName }) => {
    if (target === element && propertyName === 'color') paint();
  });
}
