"""Links and bookmarks from before each lesson had one name open the page with their settings."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core import i18n
from pages.shared.lessons import by_name

pytestmark = pytest.mark.browser

OLD = {  # the old address, what of it stands in today's; tests/test_old_addresses.py knows them all
    "two_layers": ("four-ways?ways_N=8&ways_D_in=20&ways_H=6&ways_D_out=3&ways_iterations=20", "two_layers_N=8"),
    "convolution": ("conv?conv_kind=max&conv_size=9", "convolution_size=9"),
    "lenet": ("steps?steps_network=mnist&steps_at=4", "lenet_at=4"),
    "draw": ("recognise?draw_way=file", "draw_way=file"),
}


@pytest.mark.parametrize("name", OLD)
def test_an_old_address_opens_its_page_with_its_settings(visit, address: str, name: str) -> None:
    old, setting = OLD[name]
    page = visit(f"{old}&lang=zh")
    expect(page.locator("h1")).to_have_text(i18n.translate("zh", by_name(name).title))
    assert page.url.startswith(f"{address}/{name}?"), page.url
    assert setting in page.url  # Streamlit takes out what no widget reads
    expect(page.locator("[data-testid=stAlert]").get_by_text(setting.split("=")[0])).to_have_count(0)
