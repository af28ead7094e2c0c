// @ts-check
// The three zooms of a walk, from far to near.

/** The whole network as one picture. */
export const NETWORK = 1;
/** The tensors of one step. */
export const STEP = 2;
/** One number and the arithmetic that made it. */
export const NUMBER = 3;
