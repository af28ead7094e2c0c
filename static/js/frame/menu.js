// @ts-check
// On a phone the menu lies over the page: it closes when a page is chosen or the page beside it is touched, and is
// never open when a page loads, whatever Streamlit remembers.

const narrow = window.matchMedia('(max-width: 768px)');
const WAIT_MS = 50; // Streamlit handles the touch first

const close = () => {
  const sidebar = document.querySelector('[data-testid=stSidebar][data-collapsed=false]');
  /** @type {HTMLElement | null | undefined} */
  const button = sidebar?.querySelector('[data-testid=stSidebarCollapseButton] button');
  if (narrow.matches) button?.click();
};

export function closeMenuOnPhones() {
  close();
  document.addEventListener(
    'click',
    (event) => {
      const at = /** @type {Element} */ (event.target);
      if (at.closest?.('[data-testid=stSidebarNavLink], [data-testid=stMain]')) setTimeout(close, WAIT_MS);
    },
    true,
  );
}
