// @ts-check
// What a step of a journey waits for, and where the guide's button leads.

/** @typedef {import('./payload.js').GuideData} GuideData */

/** Whether a step ends with an action of the reader. @param {Pick<GuideData, 'address' | 'element'>} step */
export const waitsFor = ({ address, element }) => address !== '' || element !== '';

/**
 * What the button says, as a key of the words: it leads back to the page of the step, past an action that is not done,
 * to the next step, or out of the journey.
 *
 * @param {Pick<GuideData, 'step' | 'count' | 'here'>} data
 * @param {boolean} waits whether the action is still to be done
 * @returns {'there' | 'skip' | 'finish' | 'next'}
 */
export function nextOf({ step, count, here }, waits) {
  if (!here) return 'there';
  if (waits) return 'skip';
  return step === count - 1 ? 'finish' : 'next';
}
