"""From the best run of a search to an experiment that tells whether its accuracy was luck."""

from __future__ import annotations

import streamlit as st

from core.experiments.group import Experiment
from core.experiments.plan import Plan
from core.experiments.results import Outcome
from core.experiments.search import Search
from core.experiments.search_conclusions import best
from pages.parts.experiments import start_button
from pages.shared import press
from pages.shared.language import _

SEEDS = 3


def show(experiment: Experiment, search: Search, outcomes: list[Outcome]) -> None:
    """Offer to train the best settings with seeds that the search did not use."""
    place = best(outcomes)
    if place is None:
        return
    config = search.member(place, outcomes[place].values).config
    text = _(
        "The best of a search of {count} {count:run|runs} keeps its accuracy with other seeds.", count=search.count
    )
    plan = Plan(config.with_(seed=(config.seed + 1) % 2**64), (), SEEDS, text)
    press_key = f"experiments_confirm_wanted_{experiment.id}"
    start_button.begin(press_key, plan)
    st.button(
        _("Train the best with {count} new seeds", count=SEEDS),
        key=f"experiments_confirm_{experiment.id}",
        icon=":material/verified:",
        on_click=press.keep,
        args=(press_key,),
    )
    start_button.say_notice()
