"""The learning-rate range test beside the form: its curve, and the rate that it suggests."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.experiments.range_test import HIGHEST, LOWEST, RangeTest, range_test
from core.figures import experiments as figures
from core.training.config import TrainConfig
from pages.shared import helper_process, workspace
from pages.shared.experiment_address import PREFIX, SETTINGS
from pages.shared.language import _
from pages.shared.live_chart import redrawn_figure

SECONDS = 60.0  # that the test may take
RUN = "experiments_range"
RATES = PREFIX + "learning_rate"  # the field of its values


def show(base: TrainConfig, with_values: bool) -> None:
    """Offer the test of ``base``, and show its curve once it was asked for.

    ``with_values``: the rate that it suggests can be added to those that are tried.
    """
    st.header(_("Where to look for the learning rate"), anchor=False)
    st.button(_("Run the range test"), key=RUN + "_run", on_click=_ask, icon=":material/show_chart:")
    if not st.session_state.get(RUN):
        st.caption(
            _(
                "It trains 100 batches while the learning rate grows from {low} to {high}, and marks where the"
                " loss falls most steeply.",
                low=f"{LOWEST:g}",
                high=f"{HIGHEST:g}",
            )
        )
        return
    try:
        test = run_test(base.with_(epochs=1, learning_rate=0.01).to_json())
    except InvalidSetting as error:
        workspace.say(error)
        return
    figure = figures.range_curve(test, _("learning rate"), _("training loss"))
    redrawn_figure(figure, key="experiments_range_curve", alt=_("Loss over the learning rate of the range test"))
    if test.suggestion is None:
        st.caption(
            _(
                "The loss falls no further than its noise explains: with these settings no learning rate stands"
                " out. With a larger batch size there is less noise."
            )
        )
        return
    rate = f"{test.suggestion:g}"
    st.markdown(_("The loss falls most steeply at learning rate **{rate}**.", rate=rate))
    if with_values:
        st.button(_("Add {rate} to the values", rate=rate), key=RUN + "_add", on_click=_add, args=(rate,))


def _ask() -> None:
    st.session_state[RUN] = True


def _add(rate: str) -> None:
    """Put the suggestion among the learning rates that are tried."""
    settings = list(st.session_state.get(SETTINGS, []))
    if "learning_rate" not in settings:
        st.session_state[SETTINGS] = [*settings, "learning_rate"]
    rates = [part.strip() for part in (st.session_state.get(RATES) or "").split(",")]
    if rate not in rates:
        st.session_state[RATES] = ", ".join([part for part in rates if part] + [rate])


@st.cache_data(show_spinner=False, max_entries=50)
def run_test(config: str) -> RangeTest:
    """Return the range test of a configuration, as JSON, done in another process; the same is not done twice."""
    return helper_process.call(
        range_test, TrainConfig.from_json(config), limits=helper_process.Limits(SECONDS, 2_000)
    )
