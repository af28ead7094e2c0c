// @ts-check
// On a phone the menu lies over the page: it closes when a page is chosen or the page beside it is touched, and is
// never open when a page loads, whatever Streamlit remembers. What Streamlit closes on a narrow screen is not
// remembered for a wide one, where the menu has room.

const REMEMBERED = 'stSidebarCollapsed-'; // what Streamlit's keys in the browser's storage begin with
const narrow = window.matchMedia('(max-width: 768px)');
const WAIT_MS = 50; // Streamlit handles the touch first

const close = () => {
  const sidebar = document.querySelector('[data-testid=stSidebar][data-collapsed=false]');
  /** @type {HTMLElement | null | undefined} */
  const button = sidebar?.querySelector('[data-testid=stSidebarCollapseButton] button');
  if (narrow.matches) button?.click();
};

const forget = () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith(REMEMBERED)) localStorage.removeItem(key);
};

export function closeMenuOnPhones() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  close();
  narrow.addEventListener('change', () => narrow.matches || forget());
  window.addEventListener('pagehide', () => narrow.matches && forget());
  document.addEventListener(
    'click',
    (event) => {
      const at = /** @type {Element} */ (event.target);
      if (at.closest?.('[data-testid=stExpandSidebarButton]')) clearTimeout(timer); // opened again meanwhile
      if (at.closest?.('[data-testid=stSidebarNavLink], [data-testid=stMain]')) timer = setTimeout(close, WAIT_MS);
    },
    true,
  );
}
