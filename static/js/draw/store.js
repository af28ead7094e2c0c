// @ts-check
// Keeps a drawing in the storage of this tab, and hands it back to a session that has none: after a reload, or when
// the server was restarted.

export default function ({ data: { name, drawing }, setTriggerValue }) {
  const key = `stepwise.${name}`;
  try {
    if (drawing) sessionStorage.setItem(key, JSON.stringify(drawing));
    else {
      const kept = JSON.parse(sessionStorage.getItem(key));
      if (kept) setTriggerValue('kept', kept);
    }
  } catch {
    // no storage, or no room in it: the drawing is kept by the session alone
  }
}
