"""Our own drawings in the browser: modules under ``static/js``, mounted through Streamlit's components."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.settings import PROJECT

STATIC = PROJECT / "static"

# Streamlit calls the component again with each rerun's data. The first call may come before the module is here; the
# latest one wins. When data come quickly, Streamlit cleans up after a call that another has overtaken, while the
# drawing goes on: only a drawing that has left the page is ended.
LOADER = """
let module;
const waiting = new Map(), cleanups = new WeakMap();
const load = () => import(new URL('app/static/js/%(name)s.js?v=%(version)s', document.baseURI).href);
const draw = (component) => cleanups.set(component.parentElement, module.default(component));
const end = (host) => {
  if (host.isConnected) return;
  waiting.delete(host);
  cleanups.get(host)?.();
  cleanups.delete(host);
};
export default function (component) {
  const host = component.parentElement;
  if (module) draw(component);
  else {
    waiting.set(host, component);
    load().then((loaded) => {
      module = loaded;
      for (const latest of waiting.values()) draw(latest);
      waiting.clear();
    });
  }
  return () => setTimeout(end, 0, host);
}
"""


@cache
def component(name: str, css: str = "", isolate_styles: bool = True) -> Any:
    """Register ``static/js/<name>.js``, whose default export draws ``{data, parentElement, setStateValue}``.

    Call the result as ``component("grid")(data=..., key="...", on_cell_change=lambda: None)``. Pass the words
    it shows in ``data["labels"]``, translated. Modules may import each other (``./palette.js``).
    """
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((STATIC / "js").glob("*.js")))
    version = hashlib.sha256(source.encode()).hexdigest()[:12]
    return st.components.v2.component(
        f"stepwise_{name}",
        css=css or None,
        js=LOADER % {"name": name, "version": version},
        isolate_styles=isolate_styles,
    )


@cache
def plotly_js() -> Path:
    """Copy plotly's own JavaScript from the installed package to ``static/`` and return its place there."""
    import plotly

    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    target = STATIC / "plotly.min.js"
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        partial = target.with_suffix(".tmp")
        shutil.copyfile(source, partial)
        partial.replace(target)
    return target
