// @ts-check
// A journey under way is kept in the tab: after a reload, and after a restart of the server, it goes on.

const KEPT = 'stepwise.journey'; // "name/step", in the storage of the tab

/**
 * Returns what is called with each run of the page: it keeps the journey that is under way, and where a new session
 * knows of none, it tells the one that was kept.
 *
 * @param {() => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} [storage]
 */
export function keepJourney(storage = () => sessionStorage) {
  let session = '';
  return (/** @type {string} */ now, /** @type {string} */ stamp, /** @type {(kept: string) => void} */ resume) => {
    const isNew = stamp !== session;
    session = stamp;
    try {
      const progress = storage().getItem(KEPT);
      if (now) storage().setItem(KEPT, now);
      else if (isNew && progress) resume(progress);
      else storage().removeItem(KEPT);
    } catch {
      // no storage: the first page still offers the journey
    }
  };
}
