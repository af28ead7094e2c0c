"""What follows from a layer's settings, as sentences: sizes, what no window reaches, what it costs."""

from __future__ import annotations

from typing import TypedDict

from core.convolution import exercises
from core.convolution.layer import CLASSES, Layer
from core.convolution.scene import Scene, thrown_away
from core.errors import N_
from core.live.instrument import Ask
from core.windows import formula, unreached_positions
from core.windows.sizes import Size


class Head(TypedDict):
    """In and out, and what the real layer says to it."""

    shapes: str
    agrees: bool
    badge: str


class Lines(TypedDict):
    """The formula of one direction: its name, which may be empty, and one line of LaTeX a step."""

    name: str
    lines: list[str]


class Fact(TypedDict):
    """A number, its name, and a remark, which may be empty."""

    name: str
    number: str
    remark: str


class Short(TypedDict):
    """The formula in the tutorials' letters, "" where it does not hold, and what to say of it."""

    latex: str
    remarks: list[str]


class Verdict(TypedDict):
    """Whether a guess of the size is right, and why."""

    right: bool
    sentences: list[str]


def shape(sizes: tuple[int, ...]) -> str:
    """Write a shape: 1×28×28."""
    return "×".join(map(str, sizes))


def head(ask: Ask, layer: Layer) -> Head:
    """Compare our size with what the real layer returns."""
    height, width = layer.sizes()
    ours = (layer.outputs, height.output, width.output)
    real = layer.real_output_shape()
    name = CLASSES[layer.kind].__name__
    badge = (
        ask.say(N_("nn.{layer} returns the same"), layer=name)
        if ours == real
        else ask.say(N_("nn.{layer} returns {shape}"), layer=name, shape=shape(real))
    )
    shapes = f"{shape((layer.in_channels, *layer.size))} → {shape(ours)}"
    return {"shapes": shapes, "agrees": ours == real, "badge": badge}


def formulas(ask: Ask, layer: Layer) -> list[Lines]:
    """Return the formula with its numbers, once where height and width are the same."""
    height, width = layer.sizes()
    if height == width:
        return [{"name": "", "lines": lines(height)}]
    return [
        {"name": ask.say(N_("height")), "lines": lines(height)},
        {"name": ask.say(N_("width")), "lines": lines(width)},
    ]


def lines(size: Size) -> list[str]:
    """Return the formula in general and with its numbers, one line a step."""
    return [formula.general(size), *formula.numbers(size)]


def remarks(ask: Ask, run: Scene, output: int) -> list[str]:
    """Say what no window reaches, what a max pooling throws away, and what "same" does with an even span."""
    height, width = run.layer.sizes()
    rows, columns = N_("rows"), N_("columns")
    sentences = [*_missed(ask, height, rows, N_("row")), *_missed(ask, width, columns, N_("column"))]
    thrown = thrown_away(run, output)
    if thrown:
        lost = thrown.cells - thrown.in_output
        share = f"{100 * lost / thrown.cells:.3g}"
        won = N_(
            "Of {cells} input {cells:cell|cells} of this channel {kept} won a window; {lost} are thrown away "
            "({share}%)."
        )
        sentences.append(ask.say(won, cells=thrown.cells, kept=thrown.in_output, lost=lost, share=share))
    return sentences + _uneven(ask, run.layer)


def _missed(ask: Ask, size: Size, many: str, one: str) -> list[str]:
    """Return the sentences about what no window reaches in one direction."""
    missed = unreached_positions.unreached(size)
    which = [
        (missed.floor, N_("The rounding throws away {what} {which}: no window reaches them (hatched).")),
        (
            missed.between,
            N_("The stride is longer than the window: {what} {which} lie between two windows (hatched)."),
        ),
        (missed.holes, N_("The dilation leaves {what} {which} out, between the window's cells (hatched).")),
    ]
    sentences = [
        ask.say(sentence, what=ask.say(one if len(cells) == 1 else many), which=unreached_positions.ranges(cells))
        for cells, sentence in which
        if cells
    ]
    if missed.padding and not missed.floor:
        sentence = N_("No window reaches the last {count} {count:cell|cells} of padding ({what}).")
        sentences.insert(0, ask.say(sentence, count=missed.padding, what=ask.say(many)))
    return sentences


def _uneven(ask: Ask, layer: Layer) -> list[str]:
    """Explain padding="same" with an even span where it is met."""
    if layer.kind != "conv" or layer.padding != "same":
        return []
    size = next((size for size in layer.sizes() if size.before != size.after), None)
    if size is None:
        return []
    sentence = N_(
        "same with kernel {kernel}: {whole} {whole:cell|cells} of padding cannot be split evenly, so PyTorch adds "
        "{before} before and {after} after. That is why kernels are usually odd."
    )
    whole = size.before + size.after
    return [ask.say(sentence, kernel=size.kernel_size, whole=whole, before=size.before, after=size.after)]


def facts(ask: Ask, layer: Layer) -> list[Fact]:
    """Say what the layer learns, costs and sees."""
    receptive_field = layer.receptive_field()
    return [
        {
            "name": ask.say(N_("Parameters")),
            "number": f"{layer.parameters():,}",
            "remark": _parameters(ask, layer),
        },
        {
            "name": ask.say(N_("Multiply-adds")),
            "number": f"{layer.multiply_adds():,}",
            "remark": ask.say(N_("weight times input, for one picture")),
        },
        {
            "name": ask.say(N_("Receptive field")),
            "number": shape(receptive_field),
            "remark": ask.say(N_("input cells, end to end, that one output can see")),
        },
    ]


def _parameters(ask: Ask, layer: Layer) -> str:
    if not layer.has_weights:
        return ask.say(N_("a pooling has nothing to learn"))
    bias = f" + {layer.out_channels}" if layer.bias else ""
    return "·".join(map(str, layer.weight_shape)) + bias


def short(ask: Ask, size: Size) -> Short:
    """Return the tutorials' letters with the numbers, or say why they do not hold here."""
    latex = formula.short(size)
    if latex is None:
        why = N_("That formula holds for convolution and pooling with the same padding on both sides.")
        return {"latex": "", "remarks": [ask.say(why)]}
    sentences = [ask.say(N_("n: input, f: kernel, p: padding on each side, s: stride, o: output."))]
    if size.dilation > 1:
        sentences.append(ask.say(N_("With dilation f is the span, d·(k − 1) + 1 = {span}."), span=size.span))
    return {"latex": latex, "remarks": sentences}


def verdict(ask: Ask, layer: Layer, guess: int) -> Verdict:
    """Return whether ``guess`` is the height that comes out, with the arithmetic."""
    height = layer.sizes()[0]
    arithmetic = formula.plain(height)
    if guess == height.output:
        return {"right": True, "sentences": [ask.say(N_("Right: {arithmetic}"), arithmetic=arithmetic)]}
    task = exercises.Exercise(0, (layer,), exercises.SIZE, height.output)
    words = N_("It is {answer}: {arithmetic}")
    sentences = [ask.say(words, answer=task.answer, arithmetic=arithmetic), ask.say(exercises.mistake(task, guess))]
    return {"right": False, "sentences": [each for each in sentences if each]}
