// @ts-check
// What a tab of the browser keeps from one load of a page to the next. A browser may keep nothing, or have no room.

/** The text that is kept under a name; null where there is none. @param {string} name */
export function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} text */
export function keep(name, text) {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    // it is lost with the page
  }
}

/** The value that is kept as JSON under a name; null where there is none. @param {string} name */
export function recallJson(name) {
  try {
    return JSON.parse(recall(name) ?? 'null');
  } catch {
    return null;
  }
}
