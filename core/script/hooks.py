"""Where torch lets a recorder listen: calls of modules, steps of optimizers, data sets and loaders, warnings."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Protocol

from torch import Tensor, nn
from torch.nn.modules import module as module_hooks
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, TensorDataset

from core.trace.torch_internals import FETCHERS


class Listener(Protocol):
    """What is told of a program while ``listening`` is entered."""

    def enter(self, module: nn.Module, args: Any) -> None:
        """Hear that a module is called with ``args``."""

    def leave(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """Hear what a call of a module returned; None where it raised."""

    def before_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Hear that an optimizer makes a step; ``args`` begin with the optimizer itself."""

    def after_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Hear that an optimizer has made its step."""

    def makes(self, dataset: TensorDataset) -> None:
        """Hear that a TensorDataset was made."""

    def loads(self, loader: DataLoader[Any]) -> None:
        """Hear that a DataLoader will be gone through."""

    def fetching(self) -> AbstractContextManager[None]:
        """Return what is entered while a loader makes a batch."""

    def warned(self, message: Any, category: Any, file: str, line: int, *rest: Any) -> None:
        """Hear a warning, with the arguments of ``warnings.showwarning``."""


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell ``listener`` what happens, until the end of the ``with`` block."""
    iterate, make = DataLoader.__iter__, TensorDataset.__init__

    def loads(loader: DataLoader[Any]) -> Any:
        listener.loads(loader)
        return iterate(loader)

    def makes(dataset: TensorDataset, *tensors: Tensor) -> None:
        make(dataset, *tensors)
        listener.makes(dataset)

    with ExitStack() as stack:
        for handle in (
            module_hooks.register_module_forward_pre_hook(listener.enter),
            module_hooks.register_module_forward_hook(listener.leave, always_call=True),
            register_optimizer_step_pre_hook(listener.before_step),
            register_optimizer_step_post_hook(listener.after_step),
        ):
            stack.callback(handle.remove)
        _replace(stack, warnings, "showwarning", listener.warned)
        _replace(stack, DataLoader, "__iter__", loads)
        _replace(stack, TensorDataset, "__init__", makes)
        for fetcher in FETCHERS:
            _replace(stack, fetcher, "fetch", _within(listener.fetching, fetcher.fetch))
        yield


def _replace(stack: ExitStack, owner: Any, name: str, function: Callable[..., Any]) -> None:
    """Put ``function`` in the place of an attribute until the stack is left."""
    stack.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, function)


def _within(
    fetching: Callable[[], AbstractContextManager[None]], fetch: Callable[[Any, Any], Any]
) -> Callable[[Any, Any], Any]:
    def fetch_within(fetcher: Any, index: Any) -> Any:
        with fetching():
            return fetch(fetcher, index)

    return fetch_within
