// @ts-check
// The scene: what the painters of a network paint, and on what.

/**
 * @typedef {object} Scene
 * @property {CanvasRenderingContext2D} context
 * @property {import('./model.js').Reading} reading
 * @property {import('./layout.js').Layout} layout
 * @property {import('./colours.js').Theme} theme
 * @property {number} size of a name, in pixels
 * @property {HTMLCanvasElement[]} sheets the maps of each layer, one under the other
 */

export const FONT = 'system-ui, "Noto Sans CJK SC", sans-serif';
