"""The tensors that a network returned, alone or in tuples, lists, dicts and objects, and the one that is used."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor

from core.errors import N_, InvalidSetting


@dataclass(frozen=True)
class Output:
    """One tensor of what a network returned; ``path`` is how to get it from there: "", "[0]", "['logits']"."""

    path: str
    tensor: Tensor


def tensors_of(returned: object, path: str = "", around: tuple[int, ...] = ()) -> Iterator[Output]:
    """Yield every tensor in ``returned``, in its order, with the expression that picks it.

    ``around`` are the identities of what contains ``returned``: a dict that holds itself is read once.
    """
    if isinstance(returned, Tensor):
        yield Output(path, returned)
        return
    if id(returned) in around:
        return
    members: Iterable[tuple[str, object]] = ()
    if isinstance(returned, Mapping):
        members = ((f"[{key!r}]", item) for key, item in returned.items())
    elif isinstance(returned, tuple | list):
        members = ((f"[{place}]", item) for place, item in enumerate(returned))
    elif dataclasses.is_dataclass(returned) and not isinstance(returned, type):
        members = ((f".{each.name}", getattr(returned, each.name)) for each in dataclasses.fields(returned))
    for step, item in members:
        yield from tensors_of(item, f"{path}{step}", (*around, id(returned)))


def pick(returned: object) -> Output:
    """Return the tensor that the loss is taken of: the first one that asks for a gradient. Raises
    ``InvalidSetting``.
    """
    outputs = list(tensors_of(returned))
    if outputs:
        return next((output for output in outputs if output.tensor.requires_grad), outputs[0])
    if returned is None:
        raise InvalidSetting(N_("forward returned None: does it end with return?"))
    if isinstance(returned, int | float | complex):
        raise InvalidSetting(
            N_("forward returned a Python number ({kind}), which autograd cannot follow: leave out .item()"),
            kind=type(returned).__name__,
        )
    raise InvalidSetting(
        N_("the network returned {kind}, in which there is no tensor"), kind=type(returned).__name__
    )
