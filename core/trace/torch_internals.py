"""What the trace reads of torch that torch does not promise, in one place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, Node, get_gradient_edge
from torch.nn.modules.batchnorm import _BatchNorm as AnyBatchNorm  # what every batch norm is a kind of
from torch.nn.modules.dropout import _DropoutNd as AnyDropout
from torch.utils._pytree import tree_flatten, tree_leaves, tree_unflatten
from torch.utils.data._utils.fetch import _IterableDatasetFetcher, _MapDatasetFetcher

from core import lazy_compiler

__all__ = [
    "FETCHERS",
    "AnyBatchNorm",
    "AnyDropout",
    "Unseen",
    "branch_of_cond",
    "compiled_module",
    "edge_of",
    "foreach_norm",
    "in_transform",
    "is_traced",
    "leaf_of",
    "own_calls",
    "tree_flatten",
    "tree_leaves",
    "tree_unflatten",
    "uncompiled",
    "version",
]


COMPILE = torch.compile
FETCHERS: tuple[Any, ...] = (
    _MapDatasetFetcher,
    _IterableDatasetFetcher,
)  # their fetch() makes a DataLoader's batch


class Unseen:
    """While it is entered, no torch call and no attribute reaches a mode, or the graph of ``torch.jit.trace``."""

    __slots__ = ("_functions", "_tracing")

    def __enter__(self) -> None:
        self._functions = torch._C.DisableTorchFunction()
        self._functions.__enter__()
        self._tracing = torch._C._get_tracing_state()
        if self._tracing is not None:
            torch._C._set_tracing_state(None)  # type: ignore[attr-defined]

    def __exit__(self, *_error: object) -> None:
        if self._tracing is not None:
            torch._C._set_tracing_state(self._tracing)  # type: ignore[attr-defined]
        self._functions.__exit__(None, None, None)


def version(tensor: Tensor) -> int:
    """Return the counter that every in-place operation raises; an inference tensor has none: -1."""
    return -1 if tensor.is_inference() else int(tensor._version)


def base(tensor: Tensor) -> Tensor | None:
    """Return the tensor whose numbers a view shows; None for what is no view."""
    return tensor._base


def in_transform(tensor: Tensor) -> bool:
    """Return whether ``tensor`` lives in a ``torch.func`` transform (vmap, grad): it may not be kept outside."""
    return bool(torch._C._functorch.is_functorch_wrapped_tensor(tensor))


def is_traced(tensor: Tensor) -> bool:
    """Return whether others see an operation on ``tensor``: a transform, ``torch.export``, a dispatch mode."""
    dispatch = torch._C._len_torch_dispatch_stack() > 0
    return dispatch or type(tensor).__torch_dispatch__ is not Tensor.__torch_dispatch__ or in_transform(tensor)


def edge_of(tensor: Tensor) -> GradientEdge | None:
    """Return where ``tensor``'s gradient arrives; None where autograd does not follow it.

    A view of a parameter made under ``no_grad`` says that it requires a gradient, and has no way to get one.
    Asked with the graph switched on: of a leaf torch makes a view to get there.
    """
    with torch._C.DisableTorchFunction():  # of a subclass: what it makes of a view is another node
        return _edge_of(tensor)


def _edge_of(tensor: Tensor) -> GradientEdge | None:
    if not tensor.requires_grad or tensor.is_inference():
        return None
    if tensor.grad_fn is not None:
        return get_gradient_edge(tensor)
    if tensor.layout != torch.strided:  # which knows no views
        with torch.inference_mode(False), torch.enable_grad():
            behind = tensor.clone().grad_fn
            node, slot = (None, 0) if behind is None else behind.next_functions[0]
            return None if node is None else GradientEdge(node, slot)
    with torch.inference_mode(False), torch.enable_grad():
        behind = tensor.view_as(tensor).grad_fn
        return None if behind is None or behind.next_functions[0][0] is None else get_gradient_edge(tensor)


def leaf_of(node: Node) -> Tensor | None:
    """Return the leaf whose ``.grad`` an ``AccumulateGrad`` node adds to; None for any other node."""
    return node.variable if node.name() == "torch::autograd::AccumulateGrad" else None  # type: ignore[attr-defined]


def own_calls(tensors: Iterable[Tensor]) -> str | None:
    """Return the first subclass of ``Tensor`` that computes in a way of its own; None where there is none."""
    handlers = ((type(each), getattr(each.__torch_function__, "__func__", None)) for each in tensors)
    usual = (None, Tensor.__torch_function__.__func__)  # type: ignore[attr-defined]
    return next((kind.__name__ for kind, handler in handlers if handler not in usual), None)


def branch_of_cond(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[[], Any] | None:
    """Return the branch that ``torch.cond`` takes; None for any other function.

    Called without the compiler, its operator knows no gradient of what a branch uses beside its operands.
    """
    if not isinstance(function, torch._ops.HigherOrderOperator) or function.name() != "cond":
        return None
    condition, if_true, if_false, operands = arguments
    return partial(if_true if condition else if_false, *operands)


def foreach_norm(tensors: list[Tensor]) -> list[Tensor]:
    """Return the Euclidean norm of each tensor, a 0-d tensor, in one call where they are on one device."""
    return list(torch._foreach_norm(tensors))


@contextmanager
def uncompiled() -> Iterator[None]:
    """Run what ``torch.compile`` wrapped as the Python code that it is; otherwise the code that watches it would be
    compiled too.

    What is wrapped meanwhile, as ``torch.cond`` does with its branches, stays as it is. ``torch.compile`` and the
    compiler's stance belong to the process: the first thread that enters replaces them, the last one that leaves
    puts them back.
    """
    _COMPILER_SWITCH.enter()
    try:
        yield
    finally:
        _COMPILER_SWITCH.leave()


class _CompilerSwitch:
    """``torch.compile`` and the stance as they are while a thread needs them off, and how to put them back.

    The stance matters where something was compiled before; the compiler is not imported only to set it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._eager: ExitStack | None = None  # what puts the stance back

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            torch.compile = _as_it_is
            if self._eager is None and lazy_compiler.is_imported():
                self._eager = ExitStack()
                self._eager.enter_context(torch.compiler.set_stance("force_eager"))

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                torch.compile = COMPILE
                if self._eager is not None:
                    self._eager.close()
                    self._eager = None


_COMPILER_SWITCH = _CompilerSwitch()


def _as_it_is(model: Any = None, **_how: Any) -> Any:
    return model if model is not None else lambda decorated: decorated


def compiled_module(network: nn.Module) -> nn.Module | None:
    """Return the module that ``torch.compile`` wrapped; None when ``network`` is not compiled."""
    inner: Any = getattr(network, "_orig_mod", None)
    return inner if isinstance(inner, nn.Module) else None
