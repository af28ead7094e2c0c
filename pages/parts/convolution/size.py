"""The size of the output: the formula with the numbers in it, what the floor throws away, what the layer costs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.convolution.layer import CLASSES, Layer
from core.convolution.scene import Scene, thrown_away
from core.windows import formula, unreached
from core.windows.sizes import Size
from pages.shared import facts
from pages.shared.folded import folded
from pages.shared.language import _


def refuse_early(layer: Layer) -> None:
    """Raise what cannot be before anything is shown."""
    layer.sizes()


def result(layer: Layer) -> None:
    """Show in and out, the formula with its numbers, and the badge that asks the real layer."""
    height, width = layer.sizes()
    ours = (layer.outputs, height.output, width.output)
    real = layer.real_output_shape()
    shapes = f"{_shape((layer.in_channels, *layer.size))} → {_shape(ours)}"
    badge = _("nn.{layer} returns the same", layer=CLASSES[layer.kind].__name__)
    if ours == real:
        st.header(f"{shapes} :green-badge[:material/check: {badge}]", anchor=False)
    else:
        words = _("nn.{layer} returns {shape}", layer=CLASSES[layer.kind].__name__, shape=_shape(real))
        st.header(f"{shapes} :red-badge[{words}]", anchor=False)
    if height == width:
        st.latex(_aligned(height, ""))
        return
    left, right = st.columns(2)
    left.latex(_aligned(height, _("height")))
    right.latex(_aligned(width, _("width")))


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _aligned(size: Size, name: str) -> str:
    """Return the formula and its numbers as one block, one step a line."""
    head = rf"&\text{{{name}}}\\" if name else ""
    if size.layer == "adaptive":
        lines = [formula.general(size), *formula.numbers(size)]
        return rf"\begin{{aligned}}{head}" + r"\\".join(f"&{line}" for line in lines) + r"\end{aligned}"
    steps = formula.numbers(size)
    steps[0] = steps[0].removeprefix("o ")
    lines = [formula.general(size).replace("o =", "o &=", 1), f"&{steps[0]}", *(f"&{step}" for step in steps[1:])]
    return rf"\begin{{aligned}}{head}" + r"\\[2pt]".join(lines) + r"\end{aligned}"


def details(layer: Layer, run: Scene, output: int) -> None:
    """Say what no window reaches, what a max pooling throws away, and what the layer costs."""
    height, width = layer.sizes()
    for line in (*_missed(height, _("rows"), _("row")), *_missed(width, _("columns"), _("column"))):
        st.markdown(f"- {line}")
    thrown = thrown_away(run, output)
    if thrown:
        share = round(100 * (thrown.cells - thrown.kept) / thrown.cells)
        st.markdown(
            "- "
            + _(
                "Of {cells} input cells of this channel {kept} won a window; {lost} are thrown away ({share} %).",
                cells=thrown.cells,
                kept=thrown.kept,
                lost=thrown.cells - thrown.kept,
                share=share,
            )
        )
    _note_even(layer)
    seen = layer.receptive_field()
    facts.show(
        {
            _("Parameters"): (f"{layer.parameters():,}", _parameters_words(layer)),
            _("Multiply-adds"): (f"{layer.multiply_adds():,}", _("weight times input, for one picture")),
            _("Receptive field"): (f"{seen[0]}×{seen[1]}", _("input cells, end to end, that one output can see")),
        }
    )
    folded(_("The formula as it is often written"), "convolution_short", partial(_short, height))


def _parameters_words(layer: Layer) -> str:
    if not layer.has_weights:
        return _("a pooling has nothing to learn")
    outputs, inputs, rows, columns = layer.weight_shape
    bias = f" + {layer.out_channels}" if layer.bias else ""
    return f"{outputs}·{inputs}·{rows}·{columns}{bias}"


def _missed(size: Size, many: str, one: str) -> list[str]:
    """Return the sentences about what no window reaches in one direction."""
    missed = unreached.unreached(size)
    said = []
    if missed.floor:
        said.append(
            _(
                "The rounding throws away {what} {which}: no window reaches them (hatched).",
                what=one if len(missed.floor) == 1 else many,
                which=unreached.ranges(missed.floor),
            )
        )
    elif missed.padding:
        said.append(
            _(
                "No window reaches the last {count} cells of padding ({what}).",
                count=missed.padding,
                what=many,
            )
        )
    if missed.between:
        said.append(
            _(
                "The stride is longer than the window: {what} {which} lie between two windows (hatched).",
                what=one if len(missed.between) == 1 else many,
                which=unreached.ranges(missed.between),
            )
        )
    if missed.holes:
        said.append(
            _(
                "The dilation leaves {what} {which} out, between the window's cells (hatched).",
                what=one if len(missed.holes) == 1 else many,
                which=unreached.ranges(missed.holes),
            )
        )
    return said


def _note_even(layer: Layer) -> None:
    """Explain padding="same" with an even span where it is met."""
    if layer.kind != "conv" or layer.padding != "same":
        return
    for size in layer.sizes():
        if size.before != size.after:
            st.markdown(
                "- "
                + _(
                    "same with kernel {kernel}: {whole} cells of padding cannot be split evenly, so PyTorch adds "
                    "{before} before and {after} after. That is why kernels are usually odd.",
                    kernel=size.kernel_size,
                    whole=size.before + size.after,
                    before=size.before,
                    after=size.after,
                )
            )
            return


def _short(size: Size) -> None:
    """Show the tutorials' letters with the numbers, or say why they do not hold here."""
    line = formula.short(size)
    if line is None:
        st.markdown(_("That formula holds for convolution and pooling with the same padding on both sides."))
        return
    st.latex(line)
    st.caption(_("n: input, f: kernel, p: padding on each side, s: stride, o: output."))
    if size.dilation > 1:
        st.caption(_("With dilation f is the span, d·(k − 1) + 1 = {span}.", span=size.span))
