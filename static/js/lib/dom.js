// @ts-check
// Makes elements and fills sentences.

/**
 * Makes an element: el('div', 'name of a class', ...children) or el('button', { class: 'x', onclick }, ...children).
 * A child that is null, undefined or '' is left out; text is always text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string | Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  const properties = typeof attributes === 'string' ? { class: attributes || null } : attributes;
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...present(children));
  return element;
}

/**
 * @param {(Node | string | null | undefined)[]} children
 * @returns {(Node | string)[]}
 */
function present(children) {
  return /** @type {(Node | string)[]} */ (
    children.filter((child) => child !== null && child !== undefined && child !== '')
  );
}

/**
 * Makes an element of a picture in SVG: svg('path', { d: 'M0,0 L1,1' }).
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Gives an element this text; where it has it already, nothing is laid out again.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Gives an element these children; those in their place already are left alone, with focus and scroll position.
 *
 * @param {Element} element
 * @param {Element[]} children
 */
export function setChildren(element, children) {
  for (const [i, child] of children.entries()) {
    const there = element.children[i];
    if (!there) element.append(child);
    else if (there !== child) there.replaceWith(child);
  }
  while (element.children.length > children.length) element.lastElementChild?.remove();
}

const PLACE = /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g;

/**
 * Puts values in the places {name} of a translated sentence; a place without a value stays as it is written.
 * {name:one|more} is the first word where the value is 1, else the second; `core/errors.py` does the same.
 *
 * @param {string} template
 * @param {Record<string, unknown>} values
 */
export const fill = (template, values) =>
  template.replace(PLACE, (place, name, one, more) => {
    const value = values[name];
    if (value === undefined || value === null) return place;
    return one === undefined ? String(value) : String(value) === '1' ? one : more;
  });

/**
 * What paints on a canvas; throws where the browser has no memory left for one.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas to paint on');
  return context;
}

/**
 * The first element below `root` that `selector` names and that is of this kind; throws where there is none.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 */
export function part(root, selector, kind) {
  const element = root.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`no ${selector}`);
  return element;
}
