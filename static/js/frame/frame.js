// @ts-check
// What of the frame around every page only the browser can do. Python tells the language and the pages.

import { keepScrollersReachable } from './focus.js';
import { keepHistory } from './history.js';
import { keepFocus } from './kept_focus.js';
import { closeMenuOnPhones } from './menu.js';
import { holdPresses } from './press.js';
import { printDarkOnWhite } from './print.js';
import { project, stepWithClicker } from './projector.js';
import { hearStreamlit, runAgain } from './rerun.js';
import { keepJourney } from './resume.js';
import { translateStreamlit } from './streamlit_words.js';
import { sameThemeOnEveryPage } from './theme.js';

const YEAR = 365 * 24 * 3600;
/** @type {Record<string, string>} */
const TAGS = { en: 'en', zh: 'zh-CN' };
/** @type {ReturnType<typeof begin> | undefined} what is done once for the whole tab */
let begun;

/** @param {string[]} paths of the pages */
function begin(paths) {
  const theme = sameThemeOnEveryPage(paths);
  holdPresses(); // before all others that hear clicks
  keepHistory();
  closeMenuOnPhones();
  keepScrollersReachable();
  keepFocus();
  printDarkOnWhite();
  stepWithClicker(paths);
  const journey = keepJourney();
  const app = document.querySelector('[data-testid=stApp]');
  if (app) hearStreamlit(app);
  return { theme, ran: runAgain(), journey, translate: translateStreamlit() };
}

/** @param {import('../lib/lifecycle.js').Component<import('./payload.js').FrameData>} component */
export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = TAGS[data.language] ?? data.language;
  const base = new URL('.', document.baseURI).pathname;
  if (data.picked) document.cookie = `${data.cookie}=${data.language}; path=${base}; max-age=${YEAR}; SameSite=Lax`;
  begun ??= begin(data.paths.map((path) => base + path));
  project(data.projector, data.leave, () => setTriggerValue('leave', true));
  begun.theme.sync();
  begun.translate(data.words);
  begun.journey(data.journey, data.stamp, (progress) => setTriggerValue('resume', progress));
  begun.ran(data.stamp, setTriggerValue);
}
