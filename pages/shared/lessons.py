"""The lessons, in the order in which they teach, and how one reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import streamlit as st

from core.errors import N_
from pages.shared import address, keys, streamlit_compat
from pages.shared.language import _

DESTINATION = "lessons_destination"  # in the session, until it is open
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Lesson:
    """A page: ``name`` is its file under ``pages/``, its address and the prefix of its widgets' keys."""

    name: str
    section: str
    title: str
    promise: str

    @property
    def url_path(self) -> str:
        """The path of its address; the first page has none."""
        return "" if self.name == "home" else self.name


LESSONS = (
    Lesson("home", "", N_("Start here"), ""),
    Lesson(
        "tutorials",
        "",
        N_("The tutorials"),
        N_("Five tutorials for beginners, every step of them with the screen that shows it running."),
    ),
    Lesson("linear_fit", N_("Foundations"), N_("Linear fit"), N_("Watch nn.Linear learn a known matrix.")),
    Lesson(
        "two_layers",
        N_("Foundations"),
        N_("Two layers, four ways"),
        N_("The same network in NumPy, tensors, Sequential and Module, in lockstep."),
    ),
    Lesson(
        "operators",
        N_("Foundations"),
        N_("Operators"),
        N_("Try each operator: shape, values, formula, and a common surprise."),
    ),
    Lesson(
        "convolution",
        N_("Convolution"),
        N_("Convolution"),
        N_("Set size, kernel, stride, padding and dilation; see the numbers and the window slide."),
    ),
    Lesson(
        "lenet",
        N_("Inside a network"),
        N_("LeNet, step by step"),
        N_("Forward, loss, backward, update: one operation at a time, at your own pace."),
    ),
    Lesson(
        "your_code",
        N_("Inside a network"),
        N_("Your code"),
        N_("Paste a PyTorch program, watch it run, see why it breaks."),
    ),
    Lesson(
        "what_goes_wrong",
        N_("Inside a network"),
        N_("What goes wrong"),
        N_("Common mistakes, run for real. Paste an error message to find yours."),
    ),
    Lesson(
        "digits",
        N_("Learning"),
        N_("The digits"),
        N_("What the network learns from: look through the data set."),
    ),
    Lesson(
        "train",
        N_("Learning"),
        N_("Train"),
        N_("Press Start and watch a real network learn to read digits."),
    ),
    Lesson(
        "runs",
        N_("Learning"),
        N_("Runs"),
        N_("Compare runs and see in which settings they differ."),
    ),
    Lesson(
        "experiments",
        N_("Learning"),
        N_("Experiments"),
        N_("Ask a question, train every setting with several seeds, and see what the answer is worth."),
    ),
    Lesson(
        "draw",
        N_("Recognising"),
        N_("Draw"),
        N_("Draw a digit, see what the network sees, and how it decides."),
    ),
)


class LinkedPage(st.Page):
    """A page as its links name it: "." for the first one, where Streamlit would write an empty address."""

    @property
    def url_path(self) -> str:
        """The path of its address, from any page."""
        return super().url_path or "."


def _page(lesson: Lesson, kind: type[st.Page] | None = None) -> st.Page:
    return (kind or st.Page)(
        f"pages/{lesson.name}.py",
        title=_(lesson.title),
        url_path=lesson.url_path or None,
        default=not lesson.url_path,
    )


def navigation() -> st.Page:
    """Build the navigation in the session's language and return the page to run."""
    sections: dict[str, list[st.Page]] = {}
    for lesson in LESSONS:
        sections.setdefault(_(lesson.section), []).append(_page(lesson))
    return st.navigation(sections, expanded=True)  # by itself Streamlit hides what is beyond twelve


def tab_title(page: st.Page) -> str:
    """Return what the browser's tab says: the lesson in the reader's language, and the app."""
    return f"{page.title} · Stepwise" if page.url_path else "Stepwise"


def name_of(page: st.Page) -> str:
    """Return the name of the lesson that ``page`` shows."""
    return next(lesson.name for lesson in LESSONS if lesson.url_path == page.url_path)


def by_name(name: str) -> Lesson:
    """Return the lesson in ``pages/<name>.py``."""
    return next(lesson for lesson in LESSONS if lesson.name == name)


def link(name: str, label: str | None = None, query: dict[str, str] | None = None) -> None:
    """Show a link to the lesson in ``pages/<name>.py``; ``query`` are settings for its address."""
    lesson = by_name(name)
    st.page_link(_page(lesson, LinkedPage), label=label or _(lesson.title), query_params=query)


@dataclass(frozen=True)
class Destination:
    """The lesson that a press opens, and the settings for its address.

    ``start`` is the path of the page that is left, None where it is not known.
    """

    name: str
    query: dict[str, str]
    start: str | None
    attempts: int = 0


def go(name: str, query: dict[str, str] | None = None) -> None:
    """Let ``open_page`` open the lesson in ``pages/<name>.py``; ``query`` is for its address. For callbacks."""
    st.session_state[DESTINATION] = Destination(name, query or {}, st.session_state.get(keys.PAGE))


@contextmanager
def open_page(here: str) -> Iterator[None]:
    """Leave lesson ``here`` for the one that a press opens, if one was pressed; else let its page run.

    When the browser tells something of the page that is left, Streamlit runs that page again, also when the new one
    has begun. So where the press leads is kept until a page has run to its end.
    """
    follow(here)
    try:
        yield
    except Exception:
        st.session_state.pop(DESTINATION, None)
        raise
    st.session_state.pop(DESTINATION, None)


def follow(here: str) -> None:
    """Leave lesson ``here`` for the one that a press opens. For a fragment whose callbacks know where that is."""
    destination: Destination | None = st.session_state.get(DESTINATION)
    if destination is None or _is_over(destination, here):
        return
    st.session_state[DESTINATION] = replace(destination, attempts=destination.attempts + 1)
    address.arrive(None)  # it may be the page that is open, with settings that it had before
    st.switch_page(_page(by_name(destination.name)), query_params=destination.query)


def _is_over(destination: Destination, here: str) -> bool:
    """Return whether the page that it leaves is left, or is the lesson itself and has its settings now.

    A reader who goes back to it has left the lesson again.
    """
    if streamlit_compat.is_history_navigation():
        return True
    if destination.start not in (None, by_name(here).url_path) or destination.attempts == MOST_ATTEMPTS:
        return True
    has_settings = destination.query.items() <= st.query_params.to_dict().items()
    return destination.attempts > 0 and here == destination.name and has_settings
