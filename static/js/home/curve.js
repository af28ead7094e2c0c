// @ts-check
// A small curve: points as the path of an SVG, from zero up.

/**
 * @param {{ step: number, loss: number }[]} points in the order of their steps, two at least
 * @param {{ width: number, height: number }} size
 */
export function pathOf(points, { width, height }) {
  const [first, last] = [points[0].step, points[points.length - 1].step];
  const most = Math.max(...points.map(({ loss }) => loss), 1e-9);
  const at = points.map(({ step, loss }) => {
    const x = (width * (step - first)) / Math.max(1, last - first);
    return `${x.toFixed(1)},${(height * (1 - loss / most)).toFixed(1)}`;
  });
  return `M${at.join('L')}`;
}
