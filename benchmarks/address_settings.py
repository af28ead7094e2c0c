"""What the addresses of the app can hold: read off the pages themselves, so that a new setting is among it.

Each page is run once in this process, and once more for each option of each choice, and every widget that is kept
in the address says what it takes. The keys that pages read from the address without a widget are read off their
source.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from core.live.instrument import Instrument
from core.live.settings import Choice, Flag, Number, Text, Value
from core.live.settings import Setting as Declared
from pages.shared import address, instruments, keys, streamlit_compat
from pages.shared.lessons import LESSONS, Lesson

ROOT = Path(__file__).resolve().parent.parent
MOST_OPTIONS = 40  # a choice with more is not opened option by option


@dataclass(frozen=True)
class Setting:
    """One key of a page's address: "number" from ``low`` to ``high``, "choice" of ``options``, "switch" or "text".

    ``default`` is what the page shows where the address lacks the key; texts hold values that were seen too.
    """

    page: str  # the page's path, "ops"
    key: str
    kind: str
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()
    default: str = ""


def settings(every_option: bool = True, lessons: Sequence[Lesson] = LESSONS) -> list[Setting]:
    """Return every setting of every page; ``every_option`` also those that appear when another option is chosen."""
    streamlit_compat.disable_legacy_pages()  # as the server does when it starts
    by_address: dict[tuple[str, str], Setting] = {}
    declared: dict[str, Declared] = {}
    with _choices(declared) as choices:
        for lesson in lessons:
            declared.clear()
            _run(lesson, {}, by_address, choices)
            page = lesson.url_path
            by_address |= {(page, key): _of_declared(page, key, each) for key, each in declared.items()}
            first = [each for each in by_address.values() if each.page == lesson.url_path and each.kind == "choice"]
            for setting in first if every_option else ():
                for option in setting.options[:MOST_OPTIONS]:
                    if option != setting.default:
                        _run(lesson, {setting.key: option}, by_address, choices)
    for lesson in lessons:
        page = lesson.url_path
        own = {key.split("_")[0] for at, key in by_address if at == page}
        for key in sorted(keys_in_source()):
            if "_" not in key or key.split("_")[0] in own:
                by_address.setdefault((page, key), Setting(page, key, "text"))
    return list(by_address.values())


@contextmanager
def _choices(declared: dict[str, Declared]) -> Iterator[dict[str, tuple[tuple[str, ...], str]]]:
    """Note the codes of each choice that pages show meanwhile, where it starts, and what instruments declare."""
    choices_of_page: dict[str, tuple[tuple[str, ...], str]] = {}
    prefer = address.prefer_address  # what every choice asks, however a page came by ``choose``
    values = instruments.values

    def noting(key: str, options: Sequence[str], start: str) -> None:
        choices_of_page[key] = tuple(options), start
        prefer(key, options, start)

    def noting_values(instrument: Instrument, prefix: str, hidden: Sequence[str] = ()) -> dict[str, Value]:
        declared.update({f"{prefix}_{each.name}": each for each in instrument.settings if each.name not in hidden})
        return values(instrument, prefix, hidden)

    address.prefer_address, instruments.values = noting, noting_values
    try:
        yield choices_of_page
    finally:
        address.prefer_address, instruments.values = prefer, values


def _run(
    lesson: Lesson,
    query: dict[str, str],
    by_address: dict[tuple[str, str], Setting],
    choices: dict[str, tuple[tuple[str, ...], str]],
) -> None:
    """Run a page with ``query`` in its address and add what it can hold to ``by_address``."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    for key, value in query.items():
        app.query_params[key] = value
    choices.clear()
    app.switch_page(f"pages/{lesson.name}.py").run()
    page = lesson.url_path
    for key, (options, start) in choices.items():
        by_address[page, key] = Setting(page, key, "choice", options=options, default=start)
    for widget in (*app.number_input, *app.slider, *app.toggle, *app.checkbox, *app.text_input):
        if not widget.key or (page, widget.key) in by_address:
            continue
        by_address[page, widget.key] = _setting(page, widget)
    for key, values in app.query_params.items():
        by_address.setdefault((page, key), Setting(page, key, "text", default="".join(values)))


def _of_declared(page: str, key: str, declared: Declared) -> Setting:
    """Return what an instrument's declaration says."""
    start = declared.text(declared.default)
    if isinstance(declared, Number):
        return Setting(page, key, "number", declared.minimum, declared.maximum, default=start)
    if isinstance(declared, Choice):
        return Setting(page, key, "choice", options=declared.options, default=start)
    return Setting(page, key, "switch" if isinstance(declared, Flag) else "text", default=start)


def _setting(page: str, widget: Any) -> Setting:
    start = "" if widget.value is None else str(widget.value)
    if widget.type in ("number_input", "slider"):
        return Setting(page, widget.key, "number", widget.min, widget.max, default=start)
    if widget.type in ("toggle", "checkbox"):
        return Setting(page, widget.key, "switch", default=start.lower())
    return Setting(page, widget.key, "text", default=start)


def keys_in_source() -> set[str]:
    """Return the keys that pages read from the address, or write into it, without a widget."""
    names = {keys.LANGUAGE, keys.RUN, keys.ORIGIN, *_declared_names()}
    for path in sorted((ROOT / "pages").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for argument in _arguments(tree):
            value = argument.value if isinstance(argument, ast.Constant) else None
            value = constants.get(argument.id) if isinstance(argument, ast.Name) else value
            if isinstance(value, str):
                names.add(value)
    return names


def _declared_names() -> Iterator[str]:
    """Yield the names of the settings that a lesson declares beside its instrument and keeps in the address."""
    for path in sorted((ROOT / "pages" / "parts").glob("*/settings.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        yield from (
            each.name
            for each in vars(module).values()
            if isinstance(each, (Choice, Flag, Number, Text)) and each.in_address
        )


def _arguments(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what is a key in ``st.query_params.get(KEY)``, ``st.query_params[KEY]`` and ``remember(KEY, …)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            if ast.unparse(node.func).endswith(("query_params.get", "remember")):
                yield node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("query_params"):
            yield node.slice


def without_runs(folder: Path) -> None:
    """Let pages that run here find their runs in ``folder``."""
    os.environ["STEPWISE_RUNS"] = str(folder)
