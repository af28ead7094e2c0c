"""Which definition answers to the name of a torch function, and the words of all of them.

A module of this package that has ``OPERATIONS`` is found by itself: a new operation is a new file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

from core import ops
from core.ops.definition import Definition
from core.ops.operator import FAMILIES

TEACHING_ORDER = (
    "linear",
    "convolution",
    "transposed_convolution",
    "matmul",
    "embedding",
    "attention",
    "relu",
    "leaky_relu",
    "activations",
    "clamp",
    "threshold",
    "softmax",
    "log_softmax",
    "max_pooling",
    "average_pooling",
    "dropout",
    "batch_norm",
    "normalization",
    "view",
    "flatten",
    "squeeze",
    "permute",
    "cat",
    "split",
    "indexing",
    "pad",
    "identity",
    "arithmetic",
    "division",
    "reduction",
    "cumsum",
    "extremes",
    "nll_loss",
    "cross_entropy",
    "mse_loss",
    "losses",
)
IMPORTERS = ("explain", "registry")  # which import this module


def operation_modules() -> list[ModuleType]:
    """Return the modules of this package that define operations: those of ``TEACHING_ORDER``, then the others."""
    names = {module.name for module in pkgutil.iter_modules(ops.__path__)} - {*IMPORTERS}
    in_order = [*TEACHING_ORDER, *sorted(names - {*TEACHING_ORDER})]
    modules = [importlib.import_module(f"core.ops.{name}") for name in in_order]
    return [module for module in modules if hasattr(module, "OPERATIONS")]


_DEFINITIONS: list[Definition] = [each for module in operation_modules() for each in module.OPERATIONS]
DEFINITIONS: dict[str, Definition] = {name: each for each in _DEFINITIONS for name in each.names}
MEANINGS = {name: definition.meaning for name, definition in DEFINITIONS.items() if definition.meaning}
NODES = {node: words for definition in DEFINITIONS.values() for node, words in definition.nodes.items()}
NODES_WITH = {key: words for definition in DEFINITIONS.values() for key, words in definition.nodes_with.items()}
_EVERY = [operator for definition in _DEFINITIONS for operator in definition.operators]
OPERATORS = {operator.name: operator for operator in sorted(_EVERY, key=lambda each: FAMILIES.index(each.family))}


def search(words: str, say: Callable[[str], str] = str) -> list[str]:
    """Return the operators that ``words`` lead to: first those with them in their name, then those that say them.

    ``say`` translates what an operator says of itself. An empty search finds all.
    """
    query = words.strip().lower().removeprefix("torch.").removeprefix("nn.").removeprefix("f.").split()
    named = [name for name, each in OPERATORS.items() if _holds(f"{name} {each.full_name}", query)]
    texts = {name: f"{name} {each.keywords} {say(each.description)}" for name, each in OPERATORS.items()}
    return [*named, *(name for name, text in texts.items() if name not in named and _holds(text, query))]


def _holds(text: str, query: list[str]) -> bool:
    return all(word in text.lower() for word in query)
