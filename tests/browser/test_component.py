"""How drawings are mounted: calls that overtake each other, a module that comes late, a drawing that leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, Page, expect

from core.i18n import translate
from pages.shared.component import FAILED, loader
from tests.browser import chromium as harness
from tests.browser import reader

pytestmark = pytest.mark.browser

SPY = "export default ({ data }) => { window.calls.push(data); return () => window.calls.push(`end of ${data}`); };"
MOUNT = """async (loader) => {
  window.calls = [];
  const { default: mount } = await import(URL.createObjectURL(new Blob([loader], { type: 'text/javascript' })));
  const host = document.createElement('div').attachShadow({ mode: 'open' });
  document.body.append(host.host);
  window.call = (data) => mount({ data, parentElement: host });
  window.leave = () => host.host.remove();
}"""
LATER = "() => new Promise((done) => setTimeout(() => setTimeout(() => done(window.calls))))"


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture(scope="module")
def pages(browser: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """One page a language, for all tests of this file."""

    @cache
    def open_page(language: str) -> Page:
        page = harness.open_page(browser, f"{address}/runs", language=language)
        reader.rest(page)
        return page

    yield open_page
    for language in ("en", "zh"):
        open_page(language).context.close()


@pytest.fixture
def module(request: pytest.FixtureRequest) -> str:
    """The module of one test: a browser keeps what it imported once."""
    return f"js-1/spy-{abs(hash(request.node.name))}.js"


@pytest.fixture
def page(pages: Callable[[str], Page], language: str, module: str) -> Page:
    """A page on which ``window.call`` mounts a drawing that says when it is called and ended."""
    page = pages(language)
    page.route(f"**/{module}", lambda route: route.fulfill(body=SPY, content_type="text/javascript"))
    page.evaluate(MOUNT, loader(module))
    return page


def test_the_latest_call_wins_while_the_module_is_on_its_way(page: Page) -> None:
    page.evaluate("() => { window.call('first'); window.call('second'); }")
    page.wait_for_function("() => window.calls.length")
    assert page.evaluate(LATER) == ["second"]


def test_a_call_that_was_overtaken_does_not_end_the_drawing(page: Page) -> None:
    page.evaluate("() => { window.end = window.call('first'); }")
    page.wait_for_function("() => window.calls.length")
    page.evaluate("() => { window.end(); window.last = window.call('second'); }")  # as Streamlit does
    assert page.evaluate(LATER) == ["first", "second"]
    page.evaluate("() => { window.leave(); window.end(); window.last(); }")
    assert page.evaluate(LATER) == ["first", "second", "end of second"]


def test_a_drawing_that_leaves_before_its_module_comes_is_not_left_behind(page: Page, module: str) -> None:
    page.evaluate("() => { const end = window.call('first'); window.leave(); end(); }")
    page.evaluate("(module) => import(new URL(module, document.baseURI).href)", module)  # what the loader waits for
    calls = page.evaluate(LATER)
    assert calls in ([], ["first", "end of first"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_module_that_fails_to_load_says_so_in_the_readers_language(
    page: Page, module: str, language: str
) -> None:
    page.unroute(f"**/{module}")
    page.route(f"**/{module}", lambda route: route.fulfill(status=404, body="Not Found"))
    page.evaluate("() => { window.call('first'); window.call('again'); }")
    message = page.locator(".load-failed")
    expect(message).to_have_text(translate(language, FAILED))
    assert message.get_attribute("role") == "alert"
    assert page.evaluate(LATER) == []


def test_all_modules_of_a_page_come_from_one_address(visit) -> None:
    page: Page = visit("lenet")
    page.reload()
    page.locator(".walk .tick").first.wait_for()
    urls: list[str] = page.evaluate("() => performance.getEntriesByType('resource').map((entry) => entry.name)")
    modules = [url for url in urls if "/js-" in url]
    assert any("/lib/dom.js" in url for url in modules)
    assert len({url.split("/js-")[1].split("/")[0] for url in modules}) == 1
    assert not [url for url in urls if "/app/static/" in url]
