// @ts-check
// Where the walk goes: steps lie in phases, one after the other.

/**
 * The step to which Page Down and Page Up lead: the first of the next phase, or of the one before.
 *
 * @param {{ phase: string }[]} steps
 * @param {number} at
 * @param {1 | -1} direction
 */
export function phaseStart(steps, at, direction) {
  let next = at;
  const name = steps[at].phase;
  while (steps[next + direction] && steps[next].phase === name) next += direction;
  if (direction < 0) while (steps[next - 1]?.phase === steps[next].phase) next -= 1;
  return next;
}
