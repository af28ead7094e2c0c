"""Output sizes of convolution, pooling and transposed convolution in one dimension; impossible settings.

Notation follows Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285), with
dilation as in PyTorch: input i, kernel k, stride s, padding p, dilation d, output o.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_, InvalidSetting
from core.windows.axis import adaptive_window, same_padding


@dataclass(frozen=True)
class Size:
    """One dimension of a layer: what goes in, how the window moves, how many cells come out.

    ``layer`` is "conv", "pool", "transposed" or "adaptive". ``before`` and ``after`` are the cells of padding;
    they differ only for ``padding="same"`` with an even span. All in cells.
    """

    layer: str
    input: int
    kernel_size: int
    stride: int
    before: int
    after: int
    dilation: int
    output: int
    ceil_mode: bool = False
    output_padding: int = 0

    @property
    def span(self) -> int:
        """How many input cells the kernel covers from end to end: d(k - 1) + 1."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def padded(self) -> int:
        """The input with its padding."""
        return self.before + self.input + self.after

    @property
    def travel(self) -> int:
        """How far the window can move: the padded input without the window; what the formula divides by s."""
        return self.padded - self.span


def _check_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise InvalidSetting(
            N_("{name} must be at least {least}, not {value}"), name=name, value=value, least=least
        )


def _check_window(kernel_size: int, stride: int, padding: int, dilation: int) -> None:
    """Refuse a kernel size, stride or dilation below 1, and padding below 0."""
    for name, value in (("kernel_size", kernel_size), ("stride", stride), ("dilation", dilation)):
        _check_least(name, value, 1)
    _check_least("padding", padding, 0)


def conv(size: int, kernel_size: int, stride: int = 1, padding: int | str = 0, dilation: int = 1) -> Size:
    r"""Size of a convolution, :math:`o = \lfloor (i + 2p - d(k - 1) - 1) / s \rfloor + 1`.

    ``padding`` is a number of cells on either side, "valid" (none) or "same" (o = i; the odd cell goes after).
    Raises ``InvalidSetting`` for a window longer than the padded input and for "same" with a stride, as PyTorch
    does. Source: the documentation of ``torch.nn.Conv2d``; Relationship 6 and 15 of the guide.
    """
    if isinstance(padding, str) and padding not in ("same", "valid"):
        raise InvalidSetting(N_("padding {padding} is none of: a number, valid, same"), padding=padding)
    _check_least("input", size, 1)
    _check_window(kernel_size, stride, 0 if isinstance(padding, str) else padding, dilation)
    if padding == "same" and stride != 1:
        raise InvalidSetting(
            N_("padding same keeps the size, and stride {stride} divides it: PyTorch refuses the two together"),
            stride=stride,
        )
    if padding == "same":
        before, after = same_padding(kernel_size, dilation)
    else:
        before = after = 0 if isinstance(padding, str) else padding
    _check_fits(before + size + after, kernel_size, dilation)
    output = (before + size + after - dilation * (kernel_size - 1) - 1) // stride + 1
    return Size("conv", size, kernel_size, stride, before, after, dilation, output)


def _check_fits(padded: int, kernel_size: int, dilation: int) -> None:
    """Refuse a window that is longer than the padded input."""
    span = dilation * (kernel_size - 1) + 1
    if span <= padded:
        return
    if dilation == 1:
        raise InvalidSetting(
            N_("kernel {kernel} is larger than the padded input {size}"), kernel=kernel_size, size=padded
        )
    raise InvalidSetting(
        N_("kernel {kernel} with dilation {dilation} spans {span} cells, more than the padded input {size}"),
        kernel=kernel_size,
        dilation=dilation,
        span=span,
        size=padded,
    )


def pool(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Size:
    r"""Size of a pooling: as a convolution, or with ``ceil_mode`` :math:`\lceil \cdot / s \rceil + 1`.

    A window that ``ceil_mode`` adds must still start inside the input or its left padding, or it is dropped.
    ``stride`` is the kernel where none is given. Raises ``InvalidSetting`` for padding beyond half the kernel (a
    window could lie in the padding alone) and where no window fits. Source: ``torch.nn.MaxPool2d``.
    """
    stride = kernel_size if stride is None else stride
    _check_least("input", size, 1)
    _check_window(kernel_size, stride, padding, dilation)
    if padding > kernel_size // 2:
        raise InvalidSetting(
            N_("padding {padding} is more than half of kernel {kernel}, and PyTorch's pooling refuses that"),
            padding=padding,
            kernel=kernel_size,
        )
    travel = size + 2 * padding - dilation * (kernel_size - 1) - 1
    output = (-(-travel // stride) if ceil_mode else travel // stride) + 1
    if ceil_mode and (output - 1) * stride >= size + padding:
        output -= 1
    if output < 1:
        _check_fits(size + 2 * padding, kernel_size, dilation)
    return Size("pool", size, kernel_size, stride, padding, padding, dilation, output, ceil_mode)


class UncheckedByTorch(InvalidSetting):
    """Something PyTorch does not check itself and that would read or write outside a tensor."""


def window_in_padding(end: Size) -> int | None:
    """Return the number of the first window that holds no input cell, None when each holds one.

    Window o covers the cells :math:`o s - p + j d` for :math:`0 \\le j < k`; with a dilation larger than the input
    they can step over all of it. Only a window that starts in the padding can: the others start inside the input.
    """
    for window in range(min(end.output, -(-end.before // end.stride))):
        first = window * end.stride - end.before
        steps = -(first // end.dilation)  # to the first cell that is not in the padding before the input
        if steps >= end.kernel_size or first + steps * end.dilation >= end.input:
            return window
    return None


def check_windows(end: Size) -> None:
    """Refuse a max pooling with a window in the padding alone: PyTorch names a winner outside the input there.

    Its backward pass then writes outside the tensor, which can end the process.
    """
    window = window_in_padding(end)
    if window is not None:
        raise UncheckedByTorch(
            N_(
                "window {window} lies in the padding alone: with dilation {dilation} it steps over the input of"
                " {size} {size:cell|cells}. PyTorch does not check that, and its backward pass would write"
                " outside the tensor: take a smaller dilation"
            ),
            window=window,
            dilation=end.dilation,
            size=end.input,
        )


def transposed(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> Size:
    r"""Size of a transposed convolution, :math:`o = (i - 1)s - 2p + d(k - 1) + p_{out} + 1`.

    Raises ``InvalidSetting`` for an ``output_padding`` that is neither below stride nor below dilation, and where
    nothing is left. Source: ``torch.nn.ConvTranspose2d``; Relationship 14 of the guide.
    """
    _check_least("input", size, 1)
    _check_window(kernel_size, stride, padding, dilation)
    _check_least("output_padding", output_padding, 0)
    if output_padding >= max(stride, dilation):
        raise InvalidSetting(
            N_("output_padding {value} must be smaller than stride {stride} or dilation {dilation}"),
            value=output_padding,
            stride=stride,
            dilation=dilation,
        )
    output = (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1
    if output < 1:
        raise InvalidSetting(
            N_("padding {padding} cuts away everything: the output would have {output} cells"),
            padding=padding,
            output=output,
        )
    return Size("transposed", size, kernel_size, stride, padding, padding, dilation, output, False, output_padding)


def adaptive(size: int, output_size: int) -> Size:
    """Size of an adaptive pooling: the output that was asked for, 0 too; the windows follow from it.

    ``kernel_size`` is the longest window, ``stride`` the whole part of i / o (windows may overlap and differ).
    """
    _check_least("input", size, 1)
    _check_least("output_size", output_size, 0)
    longest = max((len(adaptive_window(o, size, output_size)) for o in range(output_size)), default=0)
    stride = max(size // output_size, 1) if output_size else 1
    return Size("adaptive", size, longest, stride, 0, 0, 1, output_size)
