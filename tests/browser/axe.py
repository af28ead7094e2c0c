"""axe-core's rules for pages that everyone can use: WCAG 2 A and AA, and what its authors call best practice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import reader

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
STREAMLITS_OWN = "[data-testid=stSidebarNav]"  # lists in lists without their items
ATTEMPTS = 5  # an instrument is empty until the first answer of its socket
RUN = """async (left_out) => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
  const { violations } = await axe.run({ include: document, exclude: [[left_out]] }, { runOnly: tags });
  return violations;
}"""


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return each rule that the page breaks, with the elements; without axe-core the test skips, except in CI."""
    if not AXE.is_file():
        if os.environ.get("CI") == "true":
            raise FileNotFoundError(f"{AXE}: `make js` installs it")
        pytest.skip("axe-core is not installed: `make js` does that")
    page.evaluate(AXE.read_text("utf-8"))
    for _attempt in range(ATTEMPTS):
        reader.rest(page)
        rules: list[dict[str, Any]] = page.evaluate(RUN, STREAMLITS_OWN)
        if not rules:
            return []
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in rules]
