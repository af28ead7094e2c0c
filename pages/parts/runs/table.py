"""The table of all runs: sorted by any column, filtered by words, state and data."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.training.run_folder import RunSummary
from core.training.status import STATES, UNDER_WAY
from pages.parts.runs import selection, settings
from pages.shared import lessons, offers, widgets, workspace
from pages.shared.language import _
from pages.shared.streamlit_compat import ColumnConfig

LONG_NAME, WIDEST_NAME = 34, 220  # characters of a name, and pixels of its column: the settings need the room
ALWAYS = ("name", "state", "best", "created")
ROW, AT_ONCE = 35, 4  # pixels of a row; rows that are seen without scrolling: the curves below stay in sight


def empty() -> None:
    """Say what to do where there is no run yet."""
    st.info(_("There is no run yet. Start one on the page Train; it appears here at once."))
    lessons.link("train")


def show(runs: list[RunSummary]) -> list[RunSummary]:
    """Show the filters and the table; return the runs that pass."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs_filters"):
        words = widgets.text(settings.WORDS, _("Filter by words"), width=240)
        states = st.multiselect(
            _("State"), STATES, key="runs_states", placeholder=_("any"), format_func=workspace.state_word, width=220
        )
        data = st.multiselect(
            _("Data"),
            tuple(workspace.DATASETS),
            key="runs_data",
            placeholder=_("any"),
            format_func=workspace.DATASETS.__getitem__,
            width=220,
        )
    names = offers.short_names(runs)
    visible = [run for run in runs if _passes(run, words, states, data)]
    rows = [_row(run, names) for run in visible]
    st.dataframe(
        rows,
        hide_index=True,
        key="runs_table",
        column_config=_columns(rows),
        alt=_("All runs"),
        placeholder="–",
        on_select=partial(_clicked, [run.id for run in visible]),
        selection_mode="single-cell",
        height=ROW * (1 + min(len(rows), AT_ONCE)) + 3,
    )
    st.caption(
        _(
            "{shown} of {all} {all:run|runs}. Press a run to see it below, a heading to sort by it.",
            shown=len(visible),
            all=len(runs),
        )
    )
    return visible


def _clicked(run_ids: list[str]) -> None:
    """Look at the run whose row was clicked."""
    cells = st.session_state["runs_table"].selection.cells
    if cells and cells[0][0] < len(run_ids):
        selection.add(run_ids[cells[0][0]])


def _passes(run: RunSummary, words: str, states: list[str], data: list[str]) -> bool:
    if states and run.status.state not in states:
        return False
    if data and (run.config is None or run.config.dataset not in data):
        return False
    return not words.strip() or _mentions(run, words.casefold().split())


def _mentions(run: RunSummary, words: list[str]) -> bool:
    """Return whether all ``words`` occur in the run's name, id and settings."""
    values = []
    if run.config:
        values = [workspace.setting_value(name, run.config) for name in workspace.setting_words()]
    text = " ".join([run.name, workspace.run_name(run), run.id, *values]).casefold()
    return all(word in text for word in words)


def _row(run: RunSummary, names: dict[str, str]) -> dict[str, object]:
    status, config = run.status, run.config
    row: dict[str, object] = {
        "name": workspace.run_name(run),
        "state": workspace.state_word(status.state),
        "best": None if status.best_accuracy is None else 100 * status.best_accuracy,
    }
    late: dict[str, object] = {
        "progress": status.progress,
        "created": workspace.local(run.created).replace(tzinfo=None),
        "parent": "",
    }
    if config is None:
        return row | late
    if config.parent:
        parent_name = names.get(config.parent.run)
        late["parent"] = (
            f"{parent_name} · {config.parent.checkpoint}"
            if parent_name
            else workspace.setting_value("parent", config)
        )
    row |= {"dataset": workspace.DATASETS[config.dataset], "network": workspace.network_name(config.network)}
    row |= {"optimizer": workspace.OPTIMIZERS[config.optimizer], "dropout": config.dropout}
    plain = ("epochs", "batch_size", "learning_rate", "momentum", "weight_decay", "seed", "threads", "device")
    return row | {name: getattr(config, name) for name in plain} | late


def _columns(rows: list[dict[str, object]]) -> dict[str, ColumnConfig | str | None]:
    """Return the columns' headings; None hides one, until the reader asks for it, in which nothing differs."""
    words = workspace.setting_words()
    column = st.column_config
    several_years = len({str(row["created"])[:4] for row in rows}) > 1  # else the year only takes room
    is_long = any(len(str(row["name"])) > LONG_NAME for row in rows)
    headings: dict[str, ColumnConfig | str | None] = {
        **words,
        "name": column.TextColumn(_("Name"), width=WIDEST_NAME) if is_long else _("Name"),
        "state": _("State"),
        "best": column.NumberColumn(_("Best test accuracy"), format="%.2f %%"),
        "progress": column.ProgressColumn(_("Progress"), format="percent", min_value=0, max_value=1, width="small"),
        "created": column.DatetimeColumn(
            _("Started"), format="YYYY-MM-DD HH:mm" if several_years else "MM-DD HH:mm"
        ),
        "parent": _("Continues"),
        "learning_rate": column.NumberColumn(words["learning_rate"], format="%g"),
        "weight_decay": column.NumberColumn(words["weight_decay"], format="%g"),
    }
    return {name: heading if name in ALWAYS or _tells(rows, name) else None for name, heading in headings.items()}


def _tells(rows: list[dict[str, object]], name: str) -> bool:
    """Return whether a column is worth its room: it differs, and progress is not over in all of them."""
    under_way = {workspace.state_word(state) for state in UNDER_WAY}
    return _differs(rows, name) and (name != "progress" or any(row["state"] in under_way for row in rows))


def _differs(rows: list[dict[str, object]], name: str) -> bool:
    return len({row.get(name) for row in rows}) > 1
