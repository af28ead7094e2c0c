// @ts-check
// A record as one line of moments: each line that ran, each operation, each node of a backward pass. Pure.

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').OperationData} OperationData */
/** @typedef {import('./payload.d.ts').NodeData} NodeData */
/** @typedef {import('./payload.d.ts').StepData} StepData */
/** @typedef {import('./payload.d.ts').VariableData} VariableData */
/**
 * @typedef {object} Moment
 * @property {'line' | 'operation' | 'node'} kind
 * @property {number} step the line event in which it happens
 * @property {number} iteration
 * @property {number} line
 * @property {string} expression of an operation; empty for a line
 * @property {number} at the place in `steps` of the last step at or before it; -1 where there is none
 * @property {OperationData} [operation]
 * @property {NodeData} [node]
 * @property {number} gap how many steps or operations are left out just before it
 */
/** @typedef {'line' | 'operation' | 'iteration'} Pace */

/**
 * Every moment in the order in which it happened.
 *
 * @param {Pick<RecordData, 'steps' | 'operations'>} record
 * @returns {Moment[]}
 */
export function moments({ steps, operations }) {
  /** @type {Moment[]} */
  const places = [];
  let next = 0;
  const takeUntil = (/** @type {number} */ step, /** @type {number} */ at) => {
    for (; next < operations.length && operations[next].step < step; next += 1)
      places.push(...ofOperation(operations[next], at));
  };
  for (const [at, step] of steps.entries()) {
    takeUntil(step.index, at - 1);
    const { index, iteration, line, skipped_before: gap } = step;
    places.push({ kind: 'line', step: index, iteration, line, expression: '', at, gap });
  }
  takeUntil(Infinity, steps.length - 1);
  return places;
}

/** @param {OperationData} operation @param {number} at @returns {Moment[]} */
function ofOperation(operation, at) {
  const { step, iteration, line, expression, skipped_before: gap } = operation;
  const shared = { step, iteration, at };
  return [
    { ...shared, kind: 'operation', line, expression, operation, gap },
    ...operation.nodes.map((node) => ({
      ...shared,
      kind: /** @type {const} */ ('node'),
      line: node.line || line,
      expression: node.expression,
      operation,
      node,
      gap: 0,
    })),
  ];
}

/**
 * The place of the next moment at this pace; the beginning or the end of the run where there is none.
 *
 * @param {Moment[]} all
 * @param {number} from
 * @param {1 | -1} direction
 * @param {Pace} pace
 */
export function neighbour(all, from, direction, pace) {
  if (pace === 'iteration') return ofIteration(all, from, direction);
  const fits = (/** @type {Moment} */ { kind }) => (pace === 'line') === (kind === 'line');
  for (let i = from + direction; i >= 0 && i < all.length; i += direction) if (fits(all[i])) return i;
  return endOf(all, direction);
}

/** @param {Moment[]} all @param {1 | -1} direction */
const endOf = (all, direction) => (direction < 0 ? 0 : Math.max(0, all.length - 1));

/**
 * The same place of the program in the next iteration, or where that begins.
 *
 * @param {Moment[]} all
 * @param {number} from
 * @param {1 | -1} direction
 */
function ofIteration(all, from, direction) {
  const here = all[from]?.iteration ?? 0;
  let i = from;
  while (i >= 0 && i < all.length && all[i].iteration === here) i += direction;
  return all[i] ? inIteration(all, from, all[i].iteration) : endOf(all, direction);
}

/**
 * The moment in iteration `number` that is at the same place of the program as the one at `from`, or the first there.
 *
 * @param {Moment[]} all
 * @param {number} from
 * @param {number} number
 */
export function inIteration(all, from, number) {
  const first = all.findIndex(({ iteration }) => iteration === number);
  if (first < 0) return from;
  const here = all[from];
  for (let i = first; i < all.length && all[i].iteration === number; i += 1)
    if (here && samePlace(all[i], here)) return i;
  return first;
}

/** @param {Moment} one @param {Moment} other */
const samePlace = (one, other) =>
  one.kind === other.kind &&
  one.line === other.line &&
  one.expression === other.expression &&
  one.node?.name === other.node?.name;

/**
 * The iterations that were recorded.
 *
 * @param {Moment[]} all
 */
export const iterations = (all) => [...new Set(all.map(({ iteration }) => iteration))].sort((a, b) => a - b);

/**
 * The places of the moments at which the program is where it is at `from`: the turns of the loop around it.
 *
 * @param {Moment[]} all
 * @param {number} from
 */
export function turns(all, from) {
  const here = all[from];
  return here ? all.flatMap((moment, i) => (samePlace(moment, here) ? [i] : [])) : [];
}

/**
 * The variables of a step's frame, with those that changed first.
 *
 * @param {StepData[]} steps
 * @param {number} at a place in `steps`
 * @returns {{ variable: VariableData, changed: boolean }[]}
 */
export function variablesAt(steps, at) {
  const step = steps[at];
  if (!step) return [];
  /** @type {Map<string, VariableData>} */
  const table = new Map();
  for (let i = 0; i <= at; i += 1) {
    if (steps[i].frame !== step.frame) continue;
    for (const variable of steps[i].variables) table.set(variable.name, variable);
    for (const name of steps[i].gone) table.delete(name);
  }
  const changed = new Set(step.changed);
  return [...table.values()]
    .map((variable) => ({ variable, changed: changed.has(variable.name) }))
    .sort((a, b) => Number(b.changed) - Number(a.changed));
}

/**
 * The last step that was recorded at a moment or before it.
 *
 * @param {RecordData} record
 * @param {Moment} moment
 */
export const stepOf = ({ steps }, { at }) => steps[Math.max(0, at)];

/**
 * How often lines ran, all together or `line` alone; `more`: at least so often, as counting has its bound.
 *
 * @param {Pick<RecordData, 'lines'>} record
 * @param {number | null} line
 */
export function countOf({ lines }, line = null) {
  const counted = line === null ? lines : lines.filter((one) => one.line === line);
  return { count: counted.reduce((sum, { count }) => sum + count, 0), more: counted.some((one) => one.at_least) };
}

/**
 * What had been printed by then.
 *
 * @param {Pick<RecordData, 'prints'>} record
 * @param {Moment} moment
 */
export const printedBy = ({ prints }, { kind, step }) =>
  prints.filter((print) => (kind === 'line' ? print.step < step : print.step <= step));

/**
 * The points of a curve in a box of width 1 and height 1, y downwards; numbers that are not finite are left out.
 *
 * @param {{ steps: number[], values: (number | string)[] }} series
 * @returns {{ points: [number, number][], low: number, high: number }}
 */
export function curve({ steps, values }) {
  const finite = values.map(Number).filter(Number.isFinite);
  const [low, high] = finite.length ? [Math.min(...finite), Math.max(...finite)] : [0, 0];
  const [first, last] = [steps[0] ?? 0, steps[steps.length - 1] ?? 1];
  /** @type {[number, number][]} */
  const points = [];
  for (const [i, step] of steps.entries()) {
    const value = Number(values[i]);
    if (!Number.isFinite(value)) continue;
    points.push([
      last > first ? (step - first) / (last - first) : 0.5,
      high > low ? (high - value) / (high - low) : 0.5,
    ]);
  }
  return { points, low, high };
}
