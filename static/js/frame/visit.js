// @ts-check
// What becomes of an address that Streamlit writes into the history, while a reader is on one page.

export class Visit {
  isLeaving = false; // a link to another page was pressed
  isUsed = false; // the reader has done something on this page

  /** Another page is there now. */
  begin() {
    this.isLeaving = this.isUsed = false;
  }

  /** @param {boolean} isLeaving whether the reader's click leads to another page */
  click(isLeaving) {
    this.isLeaving = isLeaving;
    this.isUsed = true;
  }

  /**
   * Another page gets an entry. Of this page's addresses one gets an entry where the reader has caused it; until
   * then it replaces the page's own, and that of a page that is being left is dropped.
   *
   * @param {boolean} isOtherPage
   * @returns {'push' | 'replace' | 'drop'}
   */
  entry(isOtherPage) {
    if (isOtherPage) {
      this.begin();
      return 'push';
    }
    if (this.isLeaving) return 'drop';
    return this.isUsed ? 'push' : 'replace';
  }
}
