// @ts-check
// What of the frame around every page only the browser can do. Python tells the language and the pages.

import { hearStreamlit, runAgain } from './again.js';
import { keepScrollersReachable } from './focus.js';
import { keepHistory } from './history.js';
import { closeMenuOnPhones } from './menu.js';
import { project, stepWithClicker } from './projector.js';
import { sameThemeOnEveryPage } from './theme.js';

const YEAR = 365 * 24 * 3600;
const TAGS = { en: 'en', zh: 'zh-CN' };
let theme;
let ran;

export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = TAGS[data.language] ?? data.language;
  const base = new URL('.', document.baseURI).pathname;
  if (data.picked) document.cookie = `${data.cookie}=${data.language}; path=${base}; max-age=${YEAR}; SameSite=Lax`;
  if (!theme) {
    theme = sameThemeOnEveryPage(data.paths.map((path) => base + path));
    keepHistory();
    closeMenuOnPhones();
    keepScrollersReachable();
    stepWithClicker(data.paths.map((path) => base + path));
    ran = runAgain();
    hearStreamlit(document.querySelector('[data-testid=stApp]'));
  }
  project(data.projector, data.leave, () => setTriggerValue('leave', true));
  theme.sync();
  ran(data.stamp, setTriggerValue);
}
