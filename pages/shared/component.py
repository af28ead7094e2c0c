"""Our own drawings in the browser: modules under ``static/js``, mounted through Streamlit's components."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st

from core import i18n
from core.errors import N_
from pages.shared import scripts

FAILED = N_("This drawing did not load. Reload the page; if that does not help, the server cannot be reached.")

# Streamlit calls the component again with each rerun's data. The first call may come before the module is here; the
# latest one wins. When data come quickly, Streamlit cleans up after a call that another has overtaken, while the
# drawing goes on: only a drawing that has left the page is ended.
LOADER = """
let module;
const waiting = new Map(), cleanups = new WeakMap();
const load = () => import(new URL('%(path)s', document.baseURI).href);
const failed = %(failed)s;
const given = ({ data }) => (Array.isArray(data) ? data[0] : data);
const draw = (component) =>
  cleanups.set(component.parentElement, module.default({ ...component, data: given(component) }));
const show = (loaded) => {
  module = loaded;
  for (const [host, latest] of waiting) {
    host.querySelector('.load-failed')?.remove();
    draw(latest);
  }
  waiting.clear();
};
const sayFailed = (error) => {
  console.error(error);
  for (const [host, component] of waiting) {
    const { language } = given(component) ?? {};
    if (language) document.documentElement.lang = language;
    const words = failed[document.documentElement.lang.slice(0, 2)] ?? failed.en;
    const said = host.querySelector('.load-failed') ?? document.createElement('p');
    said.className = 'load-failed';
    said.setAttribute('role', 'alert');
    said.textContent = words;
    host.append(said);
  }
};
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
    load().then(show, sayFailed);
  }
  return () => setTimeout(end, 0, host);
}
"""


def loader(path: str) -> str:
    """Return the script that loads the module at ``path`` and says on the page when that fails."""
    sentences = {language: i18n.translate(language, FAILED) for language in i18n.LANGUAGES}
    return LOADER % {"path": path, "failed": json.dumps(sentences)}


@cache
def component(name: str, css: str = "", isolate_styles: bool = True) -> Any:
    """Register ``static/js/<name>.js``, whose default export draws ``{data, parentElement, setStateValue}``.

    Call the result as ``component("convolution/sliding_window")(data=..., key="...", on_pin_change=...)``. Pass the
    words it shows in ``data["labels"]``, translated. Modules may import each other (``../lib/dom.js``).
    """
    mount = st.components.v2.component(
        f"stepwise_{name.replace('/', '_')}",
        css=css or None,
        js=loader(scripts.path_of(name)),
        isolate_styles=isolate_styles,
    )
    return partial(_mount, mount)


def _mount(mount: Callable[..., Any], *, data: object, **settings: Any) -> Any:
    """Mount a drawing: bytes as they are, anything else in a list, which ``given`` opens in the browser.

    Streamlit looks for tables in each value of a dictionary and imports pandas for that, before the first page is
    out. A list it sends as it is.
    """
    return mount(data=data if isinstance(data, bytes) else [data], **settings)
