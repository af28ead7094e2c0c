// @ts-check
// The width of an element, as it was laid out last.
//
// To ask the element in the middle of a change lays the page out at once, and again when the change has come to its
// end. The observer looks when the page has been laid out in any case.

export class Width {
  /** @param {HTMLElement} element @param {() => void} changed is called when the width is another one */
  constructor(element, changed) {
    this.element = element;
    this.last = 0; // while it is hidden too
    this.observer = new ResizeObserver(() => {
      const before = this.last;
      this.read();
      if (this.last !== before) changed();
    });
    this.observer.observe(element);
  }

  read() {
    this.last = Math.round(this.element.clientWidth);
  }

  /** In pixels. */
  get pixels() {
    if (!this.last) this.read();
    return this.last;
  }

  end() {
    this.observer.disconnect();
  }
}
