"""A new search: settings with ranges, a number of runs, and what they have in common."""

from __future__ import annotations

import streamlit as st

from core.errors import N_, InvalidSetting, brief
from core.experiments.plan import Axis, parse
from core.experiments.search import SEARCHED, SETTINGS_MAX, USUAL, Range, Search
from core.training.config import TrainConfig
from pages.parts.experiments import address_fields, base_form, hypothesis_field, values_form
from pages.shared import address, workspace
from pages.shared.jobs import jobs
from pages.shared.language import _

PREFIX = "experiments_search_"
BEGIN = ("learning_rate", "momentum")  # what is searched unless the reader chooses otherwise
RUNS = 20
AT_ONCE = 4  # more at once learn less from each other


def plan() -> Search | None:
    """Show the controls and return the search; None, and the reason, while it is impossible."""
    try:
        space = _space()
        runs, seed = _numbers()
        with st.expander(_("What all runs have in common")):
            base = base_form.settings(TrainConfig(dataset="digits", threads=1))
        hypothesis = hypothesis_field.show(PREFIX + "hypothesis")
        at_once = max(1, min(AT_ONCE, jobs().pool.limit))
        return Search(base.with_(seed=seed), space, runs, at_once, hypothesis)
    except InvalidSetting as error:
        workspace.say(error)
        return None


def _numbers() -> tuple[int, int]:
    with st.container(key=PREFIX + "numbers"):
        left, right = st.columns(2)
    with left:
        runs = address_fields.number(
            _("Number of runs"),
            PREFIX + "runs",
            RUNS,
            help=_("The first ten are random. Each later one is proposed from the results so far."),
        )
    with right:
        seed = address_fields.number(
            workspace.setting_words()["seed"],
            PREFIX + "seed",
            1,
            help=_("Of the proposals and of every run: the same seed searches the same way again."),
        )
    return runs, seed


def _space() -> tuple[Range | Axis, ...]:
    names = workspace.setting_words()
    searched = address_fields.several(
        _("Settings to search"),
        SEARCHED,
        PREFIX + "settings",
        BEGIN,
        format_func=names.__getitem__,
        max_selections=SETTINGS_MAX,
        placeholder=_("Choose a setting"),
    )
    usual = {each.setting: each for each in USUAL}
    return tuple(_range(usual[setting]) if setting in usual else _choice(setting) for setting in searched)


def _choice(setting: str) -> Axis:
    return values_form.axis(setting, PREFIX + setting, values_form.every(setting))


def _range(usual: Range) -> Range:
    """Show from where to where a setting is searched, and on which scale."""
    setting, name = usual.setting, workspace.setting_words()[usual.setting]
    with st.container(key=f"{PREFIX}range_{setting}"):  # in one line, on a phone too (frame.css)
        words, low, between, high, scale = st.columns(
            [1.3, 1, 0.3, 1, 1.6], gap="xsmall", vertical_alignment="center"
        )
    words.markdown(_("{setting} from", setting=name))
    with low:
        start = _bound(_("{setting} from", setting=name), f"low_{setting}", usual.low)
    between.markdown(_("to"))
    with high:
        end = _bound(_("{setting} to", setting=name), f"high_{setting}", usual.high)
    with scale:
        code = address.choose(
            st.segmented_control,
            _("Scale of {setting}", setting=name),
            ("linear", "log"),
            f"{PREFIX}scale_{setting}",
            default="log" if usual.log else "linear",
            format_func={"linear": _("linear"), "log": _("log")}.__getitem__,
            label_visibility="collapsed",
            required=True,
        )
    return Range(setting, _one(setting, start), _one(setting, end), code == "log")


def _bound(label: str, key: str, usual: float) -> str:
    """Show the field of one end of a range; its label stands beside it."""
    return address_fields.text(label, PREFIX + key, f"{usual:g}", label_visibility="collapsed")


def _one(setting: str, text: str) -> float:
    """Return the one number that was typed; ``InvalidSetting`` for none and for several."""
    values = parse(setting, text)
    if len(values) != 1 or isinstance(values[0], str):
        raise InvalidSetting(N_("{text} is not a value of {setting}"), text=brief(text), setting=setting)
    return values[0]
