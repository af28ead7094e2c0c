"""Links and bookmarks from before each lesson had one name open the page with their settings."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core import i18n
from pages.shared.lessons import by_name

pytestmark = pytest.mark.browser

OLD = {  # the old address, what of it stands in today's
    "linear_fit": ("fit?fit_lr=0.05&fit_iterations=50", "linear_fit_lr=0.05"),
    "two_layers": ("four-ways?ways_N=8&ways_D_in=20&ways_H=6&ways_D_out=3&ways_iterations=20", "two_layers_N=8"),
    "operators": ("ops?op_name=bmm&op_cell=output.3", "operators_cell=output.3"),
    "convolution": ("conv?conv_kind=max&conv_size=9", "convolution_size=9"),
    "lenet": ("steps?steps_network=mnist&steps_at=4", "lenet_at=4"),
    "digits": ("digits?data_set=digits&data_digit=3&data_tab=browse", "digits_digit=3"),
    "train": ("training?run=new&train_epochs=7", "train_epochs=7"),
    "runs": ("compare?runs_words=abc", "runs_words=abc"),
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
