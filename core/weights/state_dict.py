"""The weights in what a file holds, under the names of a network: wrappers taken off, every tensor checked.

A ``state_dict`` lies in the file itself or in dictionaries of it, and whatever wrapped the network when it was
saved stands before or between its names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting, brief
from core.weights.torch_file import NumpyValue

USUAL = ("state_dict", "model_state_dict", "model", "net", "network", "weights")  # looked at first
DEPTH = 3  # dictionaries in dictionaries that are looked into
MOST = 200  # dictionaries that are looked into
WRAPPERS = {"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"}  # DataParallel, compile, …
COUNTS = "n_averaged"  # how many models stochastic weight averaging took; no weight
LAYERS = 6  # wrappers around wrappers

State = dict[str, object]


def find(content: object, target: Mapping[str, Tensor]) -> State | None:
    """Return the weights in ``content`` whose names come nearest to those of ``target``; None when it holds none.

    Where several share as many names, the first counts: what stands under a usual name before the others.
    """
    readings = [reading for state in _state_dicts(content) for reading in _readings(state, target)]
    return max(readings, key=lambda reading: _shared(reading, target), default=None)


def _shared(reading: State, target: Mapping[str, Tensor]) -> tuple[int, int]:
    names = reading.keys() & target.keys()
    return len(names), -len(reading.keys() - target.keys())


def _state_dicts(content: object) -> Iterator[State]:
    """Yield the dictionaries in ``content`` that name tensors, the outer ones first."""
    layer = [content]
    looked = 0
    for _depth in range(DEPTH):
        inner: list[object] = []
        for value in layer:
            if not isinstance(value, dict) or looked == MOST:
                continue
            looked += 1
            if all(isinstance(name, str) for name in value) and any(
                isinstance(part, Tensor) for part in value.values()
            ):
                yield value
            inner += [value[name] for name in USUAL if name in value]
            inner += [part for name, part in value.items() if name not in USUAL and isinstance(part, dict)]
        layer = inner


def _readings(state: State, target: Mapping[str, Tensor]) -> Iterator[State]:
    """Yield ``state`` as it is, then without what wrappers add to its names, one layer after the other."""
    yield state
    if state.keys() == target.keys():
        return
    plain = {name: value for name, value in state.items() if name.rpartition(".")[2] != COUNTS}
    bare = {_unwrapped(name): value for name, value in plain.items()}
    if len(bare) < len(plain):  # two names became one
        return
    for _layer in range(LAYERS):
        if not bare:
            return
        yield bare
        outer = {name.partition(".")[0] for name in bare}
        if len(outer) > 1 or not all("." in name for name in bare):
            return
        bare = {name.partition(".")[2]: value for name, value in bare.items()}


def _unwrapped(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in WRAPPERS)


def fits(state: State, target: Mapping[str, Tensor]) -> bool:
    """Return whether ``state`` has the names of ``target``, and tensors in it their shapes."""
    return difference(state, target) is None


def common(state: State, target: Mapping[str, Tensor]) -> tuple[int, int, int]:
    """Return how much two networks share, to find the nearest: names with shapes, names, shapes in their place."""
    names = [name for name in target if name in state]
    alike = sum(_shape(state[name]) == tuple(target[name].shape) for name in names)
    placed = zip(map(_shape, state.values()), (tuple(value.shape) for value in target.values()), strict=False)
    return alike, len(names), sum(ours == theirs for ours, theirs in placed)


def _shape(value: object) -> tuple[int, ...] | None:
    return tuple(value.shape) if isinstance(value, Tensor) and not value.is_nested else None


def _is_transposed(value: object, target: Tensor) -> bool:
    """Return whether ``value`` is a matrix with the dimensions of ``target`` swapped, as Keras keeps them."""
    return target.dim() == 2 and _shape(value) == tuple(reversed(target.shape))


def difference(state: State, target: Mapping[str, Tensor]) -> InvalidSetting | None:
    """Return the first way in which ``state`` is not ``target``; None when names and shapes agree."""
    names, shapes = list(state), [_shape(value) for value in state.values()]
    if state.keys() != target.keys() and shapes == [tuple(value.shape) for value in target.values()]:
        ours, theirs = next((a, b) for a, b in zip(target, names, strict=True) if a != b)
        return InvalidSetting(
            N_("only the names differ: {name} is called {found}; rename them in your module and save again"),
            name=ours,
            found=brief(theirs),
        )
    for name, value in target.items():
        if name in state and _shape(state[name]) not in (None, tuple(value.shape)):
            return InvalidSetting(
                N_("{name} has shape {found}, not {wanted}: it is transposed, save its .T")
                if _is_transposed(state[name], value)
                else N_("{name} has shape {found}, not {wanted}"),
                name=name,
                found=brief(str(_shape(state[name]))),
                wanted=str(tuple(value.shape)),
            )
        if name not in state:
            break
    missing, extra = [n for n in target if n not in state], [n for n in state if n not in target]
    if not missing and not extra:
        return None
    return InvalidSetting(
        N_("missing {missing}; not in this network {extra}"),
        missing=brief(", ".join(missing[:4])) or "–",
        extra=brief(", ".join(map(brief, extra[:4]))) or "–",
    )


def checked(state: State, target: Mapping[str, Tensor], file: str) -> dict[str, Tensor]:
    """Return plain copies of the tensors in ``state``, which has the names of ``target``. Raises
    ``InvalidSetting``.
    """
    return {name: checked_tensor(file, name, state[name], target[name]) for name in target}


def checked_tensor(file: str, name: str, value: object, target: Tensor) -> Tensor:
    """Return a plain copy of ``value``; ``InvalidSetting`` unless it is what could stand in the place of
    ``target``.
    """
    if isinstance(value, NumpyValue):
        raise InvalidSetting(
            N_("{file}: {name} is of NumPy, not a tensor: save torch.as_tensor(…) of it"), file=file, name=name
        )
    if not isinstance(value, Tensor) or value.is_nested or value.layout != torch.strided or not value.is_cpu:
        raise InvalidSetting(N_("{file}: {name} is not a plain tensor"), file=file, name=name)
    if value.shape != target.shape:
        raise InvalidSetting(
            N_("{file}: {name} has shape {found}, this network needs {wanted}: it is transposed, save its .T")
            if _is_transposed(value, target)
            else N_("{file}: {name} has shape {found}, this network needs {wanted}"),
            file=file,
            name=name,
            found=brief(str(tuple(value.shape))),
            wanted=str(tuple(target.shape)),
        )
    if value.dtype != target.dtype:
        floats = value.is_floating_point() and target.is_floating_point()
        raise InvalidSetting(
            N_("{file}: {name} is {found}, this network needs {wanted}: save network.float().state_dict()")
            if floats
            else N_("{file}: {name} is {found}, this network needs {wanted}"),
            file=file,
            name=name,
            found=str(value.dtype),
            wanted=str(target.dtype),
        )
    if not is_dense(value):
        raise InvalidSetting(
            N_("{file}: the numbers of {name} do not lie side by side: save its .contiguous()"),
            file=file,
            name=name,
        )
    if value.is_floating_point() and not bool(value.isfinite().all()):
        raise InvalidSetting(N_("{file}: {name} holds numbers that are not finite"), file=file, name=name)
    return value.detach().clone(memory_format=torch.contiguous_format)


def is_dense(value: Tensor) -> bool:
    """Return whether every element has a place of its own, without gaps; a transposed view has."""
    outer_first = sorted(range(value.dim()), key=value.stride, reverse=True)
    return value.permute(outer_first).is_contiguous()
