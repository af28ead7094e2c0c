"""Our own drawings in the browser: modules under ``static/js``, mounted through Streamlit's components."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

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

    Call the result as ``component("convolution/window")(data=..., key="...", on_pin_change=...)``. Pass the words
    it shows in ``data["labels"]``, translated. Modules may import each other (``../lib/dom.js``).
    """
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((STATIC / "js").rglob("*.js")))
    version = hashlib.sha256(source.encode()).hexdigest()[:12]
    return st.components.v2.component(
        f"stepwise_{name.replace('/', '_')}",
        css=css or None,
        js=LOADER % {"name": name, "version": version},
        isolate_styles=isolate_styles,
    )


def plotly_route() -> Route:
    """Serve plotly's own JavaScript out of the installed package: nothing is copied, nothing need be writable."""

    def send(_request: Request) -> FileResponse:
        package = importlib.util.find_spec("plotly")
        assert package is not None and package.origin is not None
        script = Path(package.origin).parent / "package_data" / "plotly.min.js"
        return FileResponse(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return Route(f"/{base}/plotly.min.js" if base else "/plotly.min.js", send)
