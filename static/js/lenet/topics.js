// @ts-check
// What the drawings of the page LeNet send each other.

import { Topic } from '../lib/topic.js';

/** @type {Topic<[step: number, look: boolean]>} the walk goes to a step; `look` scrolls to it */
export const goTo = new Topic();
