// @ts-check
// Keeps `--top`: where an element begins on the page, so that its style can fill the rest of the first screen.

export class Height {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.fit = () => this.measure();
    this.resized = new ResizeObserver(this.fit); // what stands above it may come later
    const page = document.querySelector('[data-testid=stMainBlockContainer]');
    if (page) this.resized.observe(page);
    addEventListener('resize', this.fit);
    this.fit();
  }

  measure() {
    const scrolled = document.querySelector('[data-testid=stMain]')?.scrollTop ?? 0;
    const top = `${Math.max(0, Math.round(this.root.getBoundingClientRect().top + scrolled))}px`;
    if (this.root.style.getPropertyValue('--top') !== top) this.root.style.setProperty('--top', top);
  }

  end() {
    removeEventListener('resize', this.fit);
    this.resized.disconnect();
  }
}
