"""A tab below the chart is drawn again when the run has more of what it shows, and by no timer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypedDict

import streamlit as st

from core.training.run_folder import RunFolder
from pages.parts.train import live
from pages.shared import workspace
from pages.shared.component import component

Topic = Literal["tests", "checkpoints", "examined"]


class NewsData(TypedDict):
    """How much of ``topic``, a count of ``NewsFacts``, the tab of ``run`` shows."""

    run: str
    topic: str
    count: int


def follow(show: Callable[[RunFolder], None], run: RunFolder, topic: Topic) -> None:
    """Show a part of the page, and again each time that there is more of ``topic``."""
    st.fragment(_part)(show, run, topic)


def _part(show: Callable[[RunFolder], None], run: RunFolder, topic: Topic) -> None:
    with workspace.again_where_deleted(run):
        counts = live.now(run).news
        data: NewsData = {"run": run.id, "topic": topic, "count": counts[topic]}
        component("train/news")(data=data, key=f"train_news_{topic}", on_calls_change=lambda: None)
        show(run)
