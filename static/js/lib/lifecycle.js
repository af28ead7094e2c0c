// @ts-check
// What a drawing does when it is mounted, when its data change, and when it leaves the page.

/**
 * What Streamlit calls a component with.
 *
 * @template Data
 * @typedef {object} Component
 * @property {Data} data what Python sent
 * @property {HTMLElement & ShadowRoot} parentElement where to draw
 * @property {(name: string, value: unknown) => void} setStateValue tells Python
 * @property {(name: string, value: unknown) => void} setTriggerValue tells Python once
 */

/**
 * Returns the default export of a drawing's module. `mount` runs once for a place on the page, `update` with every
 * change of the data, `end` when the drawing has left.
 *
 * @template Data
 * @template State
 * @param {object} steps
 * @param {(component: Component<Data>) => State} steps.mount
 * @param {(state: State, component: Component<Data>) => void} steps.update
 * @param {(state: State) => void} [steps.end]
 */
export function drawing({ mount, update, end = () => {} }) {
  /** @type {WeakMap<object, State>} */
  const mounted = new WeakMap();
  return (/** @type {Component<Data>} */ component) => {
    const host = component.parentElement;
    const state = mounted.get(host) ?? mount(component);
    mounted.set(host, state);
    update(state, component);
    return () => {
      end(state);
      mounted.delete(host);
    };
  };
}
