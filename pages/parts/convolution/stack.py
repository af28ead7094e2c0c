"""A network built from rows: what each row gives as one types, and what is wrong where it is wrong."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.export.convolution_script import stack_script
from core.networks import editing, registry, row_layers
from core.networks.row_layers import Shape
from core.networks.rows import KINDS, Number, Row
from core.networks.stack import TUTORIALS, Stack
from pages.parts.convolution import export, network_picture, receptive_field, settings
from pages.shared import frame, helper_process, metrics, widgets
from pages.shared.code_panel import show_the_code
from pages.shared.component import component
from pages.shared.language import _, sentence

TEXT, EDITOR = settings.STACK.name, "convolution_rows"
COUNT = "convolution_rows_count"  # of the reports of the rows
TITLES = {
    "conv": "Conv2d",
    "max": "MaxPool2d",
    "avg": "AvgPool2d",
    "relu": "ReLU",
    "norm": "BatchNorm",
    "dropout": "Dropout",
    "dropout2d": "Dropout2d",
    "flatten": "Flatten",
    "linear": "Linear",
    "logsoftmax": "LogSoftmax",
}


class RowData(TypedDict):
    """A row as it is edited: its kind, and its options as text."""

    kind: str
    options: dict[str, str]


class OptionData(TypedDict):
    """A field of a row; ``word``: it may hold something else than a number."""

    name: str
    default: Number
    word: bool


class KindData(TypedDict):
    """A kind of row."""

    title: str
    options: list[OptionData]


class ResultData(TypedDict, total=False):
    """What stands beside a row: what it gives, or its problem with PyTorch's words and the size that is right."""

    shape: str
    details: list[str]
    problem: str
    message: str
    right: int | None


class RowsWords(TypedDict):
    """The words of the rows; {n} is filled in the browser."""

    layer: str
    add: str
    up: str
    down: str
    remove: str
    auto: str
    torch: str
    mend: str


class RowsData(TypedDict):
    """What ``static/js/convolution/rows.js`` is given; ``after`` is the number of the last report that came."""

    rows: list[RowData]
    kinds: dict[str, KindData]
    results: list[ResultData]
    after: int
    labels: RowsWords


@st.fragment
def show() -> None:
    """Show the rows, the whole network, its receptive fields and the ways on."""
    _starts()
    with frame.error_boundary():
        draft = editing.read(str(st.session_state[TEXT]))
        if draft.stack is not None:
            network_picture.show(draft.stack)
        _editor(draft)
        if draft.stack is None:
            return
        _totals(draft.stack)
        receptive_field.show(draft.stack)
        export.show(draft.stack)
        if not draft.stack.problem():
            with st.expander("print(net)"):
                st.code(str(draft.stack.build(seed=0)), language=None)
            show_the_code(stack_script(draft.stack, seed=1), "network.py", "convolution_stack_code")


def _starts() -> None:
    """Offer the tutorials' networks, and the network as text, which is in the address."""

    def start(name: str) -> None:
        st.session_state[TEXT] = TUTORIALS[name]

    st.markdown(_("Start from a known network, then change its rows:"))
    with st.container(horizontal=True):
        for name in TUTORIALS:
            st.button(
                _(registry.DIGIT_NETS[name].title), on_click=start, args=(name,), key=f"convolution_start_{name}"
            )
    with st.expander(_("The network as text")):
        widgets.text(settings.STACK, _("Input, then a row for each layer"))
        export.from_file(TEXT)


def _editor(draft: editing.Draft) -> None:
    data: RowsData = {
        "rows": [{"kind": row.kind, "options": row.options} for row in draft.rows],
        "kinds": {
            kind: {
                "title": TITLES[kind],
                "options": [
                    {"name": o.name, "default": o.default, "word": bool(o.word) or o.default is None}
                    for o in options
                ],
            }
            for kind, options in KINDS.items()
        },
        "results": _results(draft),
        "after": st.session_state.get(COUNT, 0),
        "labels": {
            "layer": _("Layer"),
            "add": _("Add a layer"),
            "up": _("Move up"),
            "down": _("Move down"),
            "remove": _("Remove"),
            "auto": _("auto"),
            "torch": _("PyTorch says:"),
            "mend": _("Put in {n}", n="{n}"),
        },
    }
    st.caption(_("Input: {shape}", shape="×".join(map(str, draft.input))))
    component("convolution/rows")(data=data, key=EDITOR, default={"rows": None}, on_rows_change=_edited)


def _edited() -> None:
    """Take over what the browser reports, as text."""
    edits = st.session_state[EDITOR].rows
    if edits:
        size = str(st.session_state[TEXT]).split("~")[0]
        st.session_state[TEXT] = editing.as_text(size, edits.get("rows"))
        count = edits.get("count")
        st.session_state[COUNT] = count if isinstance(count, int) else 0


@st.cache_data(max_entries=200, show_spinner=False)
def _message(row: Row, shape: Shape) -> str:
    """Return PyTorch's own words for an impossible row, asked in a process of its own; empty without any."""
    try:
        return helper_process.call(row_layers.torch_message, row, shape)
    except helper_process.CallFailed:
        return ""


def _results(draft: editing.Draft) -> list[ResultData]:
    """Return what stands beside each row: shape, parameters, receptive field; at the last perhaps the problem."""
    results: list[ResultData] = []
    for layer in draft.layers:
        if layer.output is None:
            assert layer.problem is not None
            right = layer.input[0] if layer.row.kind == "linear" and len(layer.input) == 1 else None
            message = _message(layer.row, layer.input)
            results.append({"problem": sentence(layer.problem), "message": message, "right": right})
            continue
        parts = (
            [_("{count} {count:parameter|parameters}", count=f"{layer.parameters:,}")] if layer.parameters else []
        )
        parts.append(_("sees {height}×{width}", height=layer.reach[0], width=layer.reach[1]))
        results.append({"shape": "×".join(map(str, layer.output)), "details": parts})
    if draft.problem:
        results.append({"problem": sentence(draft.problem)})
    return results


def _totals(stack: Stack) -> None:
    layers = [layer for layer in stack.layers() if layer.output]
    shape = layers[-1].output if layers else stack.input
    metrics.show(
        {
            _("Parameters"): (f"{sum(layer.parameters for layer in layers):,}", ""),
            _("Multiply-adds"): (f"{sum(layer.multiply_adds for layer in layers):,}", ""),
            _("Output"): ("×".join(map(str, shape or ())), ""),
        }
    )
