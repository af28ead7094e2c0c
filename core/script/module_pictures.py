"""The picture of each module that the program calls: what went through it in its first call, and the gradients.

It is drawn by ``static/js/network`` from the first entry of each tensor's first dimension: one example of a batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from core.errors import N_, InvalidSetting
from core.recognise.blocks import fold
from core.recognise.forward import (
    Forward,
    Listener,
    ShownLayer,
    first_entry,
    fitted,
    stages,
    too_many_layers,
    too_many_numbers,
)
from core.recognise.layer_data import as_bytes, facts_of, numbers_of
from core.recognise.thin import Part, part_that_fits, thinned
from core.script.calls import may_be_asked
from core.script.kinds import is_a
from core.script.module_picture import Picture
from core.script.tensor_facts import grad_fn
from core.trace.binding import bind
from core.trace.torch_internals import is_traced

MOST = 6  # modules
MOST_OPERATIONS = 1_000  # of one call, before they are folded by block
MOST_HELD = 40_000_000  # numbers between them
MOST_WEIGHTS = 90_000  # numbers; with more the picture has bands in place of edges
THINNED = N_(
    "The maps are too large to be drawn whole: of each layer at most {maps} maps are shown, and of a map with"
    " more than {side} rows or columns only some, at equal distances."
)
UNSEEN = N_("No tensor went into this module as an argument of its own, so there is no picture of it.")


class Pictures:
    """Follows the first call of each module, and the backward pass after it."""

    def __init__(self) -> None:
        self._followed: dict[int, _ModuleCall] = {}
        self._open: _ModuleCall | None = None

    def enter(self, module: nn.Module, args: tuple[Any, ...], line: int, step: int) -> None:
        """Begin with a call of a module by the program itself."""
        if id(module) in self._followed or len(self._followed) >= MOST:
            return
        if next(module.parameters(), None) is None:
            return  # a loss, an activation, a transform: one operation of the timeline, and no network
        self._open = self._followed[id(module)] = _ModuleCall(module, args, line, step)

    def note(
        self, name: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any], outputs: list[Tensor]
    ) -> None:
        """Take an operation inside of the call."""
        if self._open is not None:
            self._open.note(name, func, args, kwargs, outputs)

    def inside(self, module: nn.Module) -> None:
        """Begin with a call of a part of the module."""
        if self._open is not None:
            self._open.paths.append(self._open.path_of(module))

    def outside(self) -> None:
        """End with the call of a part."""
        if self._open is not None and self._open.paths:
            self._open.paths.pop()

    def leave(self, module: nn.Module) -> None:
        """End with the call."""
        if self._open is not None and self._open.module is module:
            self._open.leave()
            self._open = None

    def arrived(self, node: Node, gradients: tuple[Any, ...]) -> None:
        """Take what arrives at a node of the backward pass."""
        for followed in self._followed.values():
            followed.arrived(node, gradients)

    def after_backward(self) -> None:
        """Let go of the nodes of a backward pass that is over."""
        for followed in self._followed.values():
            if followed.gradients:
                followed.nodes.clear()

    def records(self, variables: dict[str, Any]) -> tuple[Picture, ...]:
        """Return every picture; a module that is one of the program's ``variables`` has its name too."""
        names = {id(value): name for name, value in variables.items() if is_a(value, nn.Module)}
        return tuple(followed.picture(names.get(key, "")) for key, followed in self._followed.items())


class _ModuleCall:
    def __init__(self, module: nn.Module, args: tuple[Any, ...], line: int, step: int) -> None:
        self.module, self.line, self.step = module, line, step
        self.refused: InvalidSetting | None = None
        self.nodes: dict[Node, Tensor] = {}  # of the operation that made the values of a layer
        self.gradients: dict[int, Tensor] = {}  # by the identity of these values
        self.listener: Listener | None = None
        self.passed: Forward | None = None
        self.part: Part | None = None  # what is drawn of each layer where they are too large
        self.parts: dict[int, Tensor] = {}  # what is drawn of values, by the identity of those they are a part of
        self.paths: list[str] = []  # of the parts whose ``forward`` runs, the innermost last
        self._names: dict[int, str] = {id(part): name for name, part in module.named_modules()}
        self._number_count = 0
        first = next((one for one in args if _is_drawable(one, any_numbers=True)), None)
        if first is not None:
            self.listener = Listener(module, first, MOST_OPERATIONS)

    def path_of(self, part: nn.Module) -> str:
        """Return the name of a part of the module, such as "layer1.0"."""
        return self._names.get(id(part), self.paths[-1] if self.paths else "")

    def note(
        self, name: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any], outputs: list[Tensor]
    ) -> None:
        result = next((one for one in outputs if _is_drawable(one)), None)
        if self.listener is None or self.refused is not None or result is None or not may_be_asked((args, kwargs)):
            return
        layers, before = self.listener.layers, len(self.listener.layers)
        self.listener.path = self.paths[-1] if self.paths else ""
        try:
            with torch.no_grad():
                self.listener.note(name, bind(func, args, kwargs), result)
        except InvalidSetting as refused:
            self.refused = refused
            return
        if len(layers) > before:
            layers[-1] = replace(layers[-1], values=first_entry(result).clone())
            self._number_count += layers[-1].values.numel()
            if self._number_count > MOST_HELD:
                self.refused = too_many_numbers(self._number_count)
                self.listener = None
                return
            node = grad_fn(result)
            if node is not None:
                self.nodes[node] = layers[-1].values

    def leave(self) -> None:
        if self.listener is None or self.refused is not None:
            return
        image = first_entry(self.listener.image).clone()
        try:
            layers = fold(self.listener.layers)
            too_many_layers(len(layers))
            passed = self._fitted(Forward(image, layers, torch.empty(0), ""))
        except InvalidSetting as refused:
            self.refused = refused
            return
        finally:
            self.listener = None
        weights = [part for layer in passed.layers for part in (layer.weight, layer.bias) if part is not None]
        fits = sum(part.numel() for part in weights) <= MOST_WEIGHTS
        self.passed = replace(passed, layers=tuple(_with_weights(layer, fits) for layer in passed.layers))

    def _fitted(self, whole: Forward) -> Forward:
        """Return what is drawn of a forward pass: all of it, stages, or a part of each stage."""
        try:
            return fitted(whole)
        except InvalidSetting:
            passed = replace(whole, layers=stages(whole.layers))
            self.part = part_that_fits(passed)
            if self.part is None:
                raise
        thin = thinned(passed, self.part)
        for layer, one in zip(passed.layers, thin.layers, strict=True):
            self.parts[id(one.values)] = layer.values
        return thin

    def _gradient(self, layer: ShownLayer) -> Tensor | None:
        """Return the gradient of the values of a layer that are drawn; None where none arrived."""
        gradient = self.gradients.get(id(self.parts.get(id(layer.values), layer.values)))
        return gradient if gradient is None or self.part is None else self.part.of(gradient)

    def arrived(self, node: Node, gradients: tuple[Any, ...]) -> None:
        values = self.nodes.get(node)
        gradient = gradients[0] if gradients else None
        if values is None or not is_a(gradient, Tensor) or not _is_drawable(gradient):
            return
        first = first_entry(gradient)
        if first.shape == values.shape:
            self.gradients[id(values)] = first.clone()

    def picture(self, variable: str) -> Picture:
        kind = type(self.module).__name__
        name = f"{variable}: {kind}" if variable else kind
        passed = self.passed
        if passed is None or not passed.layers:
            note, values = (UNSEEN, {}) if self.refused is None else (self.refused.message, self.refused.values)
            return Picture(name, self.line, self.step, note=note, values=values)
        gradients = [self._gradient(layer) for layer in passed.layers]
        part = {} if self.part is None else {"maps": self.part.maps, "side": self.part.side}
        arrays = [
            torch.zeros_like(layer.values) if one is None else one
            for layer, one in zip(passed.layers, gradients, strict=True)
        ]
        return Picture(
            name,
            self.line,
            self.step,
            tuple(passed.image.shape),
            tuple(facts_of(layer) for layer in passed.layers),
            as_bytes(numbers_of(passed, True)),
            as_bytes(arrays) if any(one is not None for one in gradients) else b"",
            THINNED if part else "",
            part,
        )


def _is_drawable(value: object, any_numbers: bool = False) -> bool:
    """Return whether ``value`` is a tensor whose numbers can be drawn; ``any_numbers``: whole numbers too."""
    if not is_a(value, Tensor) or is_traced(value):
        return False
    dense = value.layout == torch.strided and value.device.type == "cpu"
    fits = value.is_floating_point() or (any_numbers and not value.is_complex())
    return dense and fits and value.dim() > 0 and value.numel() > 0


def _with_weights(layer: ShownLayer, with_weights: bool) -> ShownLayer:
    """Return a layer with copies of its weights, which training will change, or without."""
    if not with_weights or layer.weight is None:
        return replace(layer, weight=None, bias=None)
    bias = None if layer.bias is None else layer.bias.detach().clone()
    return replace(layer, weight=layer.weight.detach().clone(), bias=bias)
