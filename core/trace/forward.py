"""Watches a forward pass: every torch call in true Python order, with the module and the line that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, Node, get_gradient_edge
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_flatten, tree_unflatten

from core.chance import own_generator
from core.explain.records import Call
from core.trace import unchecked
from core.trace.binding import bind, canonical, is_inplace, options_in, tensors_in
from core.trace.records import Operation, Span, Value
from core.trace.source import locate

POOLINGS = {"max_pool1d": F.max_pool1d, "max_pool2d": F.max_pool2d, "max_pool3d": F.max_pool3d}
DROPOUTS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout")


def run(function: Callable[..., Any], *args: Any) -> Any:
    """Call ``function``; source positions are searched up to this frame."""
    return function(*args)


class Recorder(TorchFunctionMode):
    """Collects values and operations while it is active; ``leaves`` and ``edges`` serve the backward pass.

    A tensor is known by its identity and its version counter, which every in-place operation raises.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.values: list[Value] = []
        self.operations: list[Operation] = []
        self.phase = "forward"
        self.path: list[str] = [""]
        self.owner: dict[Node, int] = {}
        self.edges: dict[tuple[int, str], GradientEdge] = {}
        self.results: dict[int, Tensor] = {}  # value number -> the real tensor, for its gradient hook
        self.gradients: dict[int, Tensor] = {}
        self._known: dict[tuple[int, int], int] = {}
        self._alive: list[Tensor] = []  # identities are only unique among living objects
        self._named = {id(p): ("parameter", name) for name, p in network.named_parameters()}
        self._named |= {id(b): ("buffer", name) for name, b in network.named_buffers()}

    def value_of(self, tensor: Tensor, kind: str = "", name: str = "", producer: int | None = None) -> int:
        """Return the number of the value that ``tensor`` holds now, copying it when it was not seen before."""
        key = (id(tensor), tensor._version)
        if key not in self._known:
            named = self._named.get(id(tensor), ("result" if producer is not None else "constant", ""))
            grad_fn = tensor.grad_fn.name() if tensor.grad_fn is not None else ""
            self._known[key] = len(self.values)
            self._alive.append(tensor)
            self.values.append(
                Value(
                    len(self.values),
                    kind or named[0],
                    name or named[1],
                    tensor.detach().clone(),
                    tensor.requires_grad,
                    tensor.is_leaf,
                    grad_fn,
                    producer,
                )
            )
        return self._known[key]

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        named = bind(func, args, kwargs)
        given = tensors_in(named)
        inputs = tuple((key, self.value_of(tensor)) for key, tensor in given.items())
        edges = {key: get_gradient_edge(tensor) for key, tensor in given.items() if tensor.requires_grad}
        random_state = torch.get_rng_state() if canonical(func) in DROPOUTS else None
        unchecked.check(canonical(func), named)
        result = func(*args, **kwargs)
        inplace = is_inplace(func, named)
        returned = args[0] if result is None and inplace and args else result
        outputs = [item for item in tree_flatten(returned)[0] if isinstance(item, Tensor)]
        if outputs:
            self._note(func, args, kwargs, named, inputs, outputs, inplace, edges, random_state)
        return result

    def _note(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        named: dict[str, Any],
        inputs: tuple[tuple[str, int], ...],
        outputs: list[Tensor],
        inplace: bool,
        edges: dict[str, GradientEdge],
        random_state: Tensor | None,
    ) -> None:
        index = len(self.operations)
        numbers = tuple(self.value_of(tensor, producer=index) for tensor in outputs)
        tensors = {key: self.values[number].tensor for key, number in inputs}
        options = options_in(named)
        call = Call(canonical(func), tensors, options, self.values[numbers[0]].tensor)
        call.saved.update(_saved(call, random_state))
        again = _again(func, args, kwargs)
        where: Span | None = locate(run.__code__)
        self.operations.append(
            Operation(index, call.name, self.phase, self.path[-1], where, inputs, numbers, call, inplace, again)
        )
        self.edges |= {(index, key): edge for key, edge in edges.items()}
        for number, tensor in zip(numbers, outputs, strict=True):
            self._own(tensor.grad_fn, index)
            if tensor.requires_grad and number not in self.results and self.values[number].producer == index:
                self.results[number] = tensor
                tensor.register_hook(partial(self._keep, number))  # type: ignore[no-untyped-call]

    def _keep(self, number: int, grad: Tensor) -> None:
        self.gradients[number] = grad.detach().clone()

    def _own(self, root: Node | None, index: int) -> None:
        """Give ``index`` the nodes behind ``root`` that no earlier operation created."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node is None or node in self.owner or hasattr(node, "variable"):
                continue
            self.owner[node] = index
            waiting += [following for following, _ in node.next_functions]

    @contextmanager
    def modules(self, network: nn.Module) -> Iterator[None]:
        """Keep ``path`` true while the network runs: hooks on every module, removed afterwards."""
        handles = []
        for path, module in network.named_modules():
            handles.append(module.register_forward_pre_hook(lambda *_, path=path: self.path.append(path)))
            handles.append(module.register_forward_hook(lambda *_: self._leave(), always_call=True))
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _leave(self) -> None:
        self.path.pop()


def _saved(call: Call, random_state: Tensor | None) -> dict[str, Tensor]:
    """Return what only the run knows: the mask that a dropout drew, the winners of a max pooling."""
    if call.name in POOLINGS:
        options = {key: call.options[key] for key in ("kernel_size", "stride", "padding", "dilation", "ceil_mode")}
        _, indices = POOLINGS[call.name](call.tensors["input"], **options, return_indices=True)
        return {"indices": indices}
    if random_state is not None:
        x = call.tensors["input"]
        with own_generator():
            torch.set_rng_state(random_state)
            dropout = getattr(F, call.name, torch.feature_dropout)
            p, training = call.options.get("p", 0.5), call.options.get("training", call.options.get("train", True))
            scaled = dropout(torch.ones_like(x), p, training)  # 0 or 1 / (1 - p): the same numbers were drawn
        return {"mask": (scaled != 0).to(x.dtype)}
    return {}


def _again(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[..., Any]:
    leaves, form = tree_flatten((args, kwargs))
    pattern = [None if isinstance(leaf, Tensor) else leaf for leaf in leaves]
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]

    def again(*tensors: Tensor) -> Any:
        filled = list(pattern)
        for place, tensor in zip(places, tensors, strict=True):
            filled[place] = tensor.clone()
        new_args, new_kwargs = tree_unflatten(filled, form)
        result = func(*new_args, **new_kwargs)
        return new_args[0] if result is None else result

    return again
