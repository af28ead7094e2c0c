"""What torch does not promise still does what it is for, and only torch_internals.py touches it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, IterableDataset

from core.trace import torch_internals
from tests.source import nodes, nodes_of

ROOT = Path(__file__).resolve().parent.parent
INTERNALS = ROOT / "core/trace/torch_internals.py"
TORCH = {"torch", "nn", "F", "optim"}  # and as what its parts are imported
OURS = sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])


def internals(nodes_there: Iterable[ast.AST]) -> list[str]:
    """Return the underscored parts of torch that a program imports, or reads from ``torch``."""
    names = []
    for node in nodes_there:
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names += [each.name for each in node.names]
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            names.append(ast.unparse(node))
    split = [name.split(".") for name in names]
    private = [parts for parts in split if any(part.startswith("_") and part[:2] != "__" for part in parts)]
    return [".".join(parts) for parts in private if parts[0] in TORCH or parts[-1] == "_version"]


@pytest.mark.parametrize(
    "source",
    ["from torch.utils import _pytree", "import torch._dynamo", "torch._C.x", "x._version", "nn.modules._X"],
)
def test_an_internal_is_seen(source: str) -> None:
    assert internals(nodes_of(source))


def test_only_one_module_touches_internals() -> None:
    by_file = {path.name: internals(nodes(path)) for path in OURS if path != INTERNALS}
    assert not {name: touched for name, touched in by_file.items() if touched}
    assert internals(nodes(INTERNALS))


def test_a_change_in_place_raises_the_version() -> None:
    x = torch.zeros(2)
    before = torch_internals.version(x)
    x.add_(1)
    assert torch_internals.version(x) == before + 1
    with torch.inference_mode():
        assert torch_internals.version(torch.zeros(2)) == -1


def test_a_tensor_inside_vmap_is_told_from_another() -> None:
    values = []
    torch.func.vmap(lambda x: values.append(torch_internals.in_transform(x)) or x)(torch.zeros(2))
    assert values == [True]
    assert not torch_internals.in_transform(torch.zeros(2))


def test_the_node_of_a_leaf_leads_back_to_it() -> None:
    leaf = torch.zeros(2, requires_grad=True)
    edge = torch_internals.edge_of(leaf)
    assert edge is not None and torch_internals.leaf_of(edge.node) is leaf
    product = leaf * 2
    assert torch_internals.leaf_of(product.grad_fn) is None
    assert torch_internals.edge_of(torch.zeros(2)) is None


@pytest.mark.heavy
def test_the_module_inside_a_compiled_one_is_found() -> None:
    network = nn.Linear(1, 1)
    assert torch_internals.compiled_module(torch.compile(network)) is network
    assert torch_internals.compiled_module(network) is None


def is_compiled() -> bool:
    return torch_internals.compiled_module(torch.compile(nn.Linear(1, 1), backend="eager")) is not None


@pytest.mark.parametrize("leaves_first", [0, 1])
def test_torch_compile_is_off_until_the_last_of_two_threads_that_need_it_off_has_left(leaves_first: int) -> None:
    @torch.compile(backend=lambda _graph, _inputs: pytest.fail("it was compiled"))
    def compiled(x: torch.Tensor) -> torch.Tensor:
        return x + 1

    order = [torch_internals.uncompiled(), torch_internals.uncompiled()]
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        threads = [first, second]
        for thread, one in zip(threads, order, strict=True):
            thread.submit(one.__enter__).result()
        threads[leaves_first].submit(order[leaves_first].__exit__, None, None, None).result()
        assert not is_compiled() and compiled(torch.ones(1)) == 2
        threads[1 - leaves_first].submit(order[1 - leaves_first].__exit__, None, None, None).result()
    assert is_compiled()
    with pytest.raises(BaseException, match="it was compiled"):
        compiled(torch.ones(1))


def test_the_norms_of_several_tensors_are_those_of_each() -> None:
    tensors = [torch.randn(3, 2), torch.randn(4), torch.tensor([])]
    assert torch_internals.foreach_norm(tensors) == [one.norm() for one in tensors]


def test_tensors_are_found_in_nested_results_and_put_back() -> None:
    values = {"a": [1, (2, 3)], "b": 4}
    leaves, shape = torch_internals.tree_flatten(values)
    assert leaves == torch_internals.tree_leaves(values) == [1, 2, 3, 4]
    assert torch_internals.tree_unflatten(leaves, shape) == values


def test_every_dropout_and_every_batch_norm_is_known_as_one() -> None:
    dropouts = (nn.Dropout(), nn.Dropout2d(), nn.AlphaDropout(), nn.FeatureAlphaDropout())
    norms = (nn.BatchNorm1d(1), nn.BatchNorm2d(1), nn.SyncBatchNorm(1), nn.LazyBatchNorm2d())
    assert all(isinstance(module, torch_internals.AnyDropout) for module in dropouts)
    assert all(isinstance(module, torch_internals.AnyBatchNorm) for module in norms)
    assert not isinstance(nn.LayerNorm(1), torch_internals.AnyBatchNorm | torch_internals.AnyDropout)


def test_a_tensor_that_another_mode_sees_is_told_from_a_plain_one() -> None:
    values: list[bool] = []

    class Net(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            values.append(torch_internals.is_traced(x))
            return x * 2

    assert not torch_internals.is_traced(torch.ones(2))
    torch.export.export(Net(), (torch.ones(2),))
    torch.func.vmap(Net())(torch.ones(2))
    Net()(torch.ones(2))
    assert values[-1] is False and len(values) > 1 and all(values[:-1])


def test_each_batch_of_a_loader_is_made_by_a_fetcher() -> None:
    modules = []
    for data in (list(range(4)), IterableOnly()):
        fetcher = next(kind for kind in torch_internals.FETCHERS if kind.__name__ == expected_fetcher(data))
        before = fetcher.fetch
        fetcher.fetch = lambda self, index, before=before: modules.append(index) or before(self, index)
        try:
            assert len(list(DataLoader(data, batch_size=2))) == 2  # type: ignore[arg-type]
        finally:
            fetcher.fetch = before
    assert len(modules) >= 4


class IterableOnly(IterableDataset[int]):
    def __iter__(self) -> Iterator[int]:
        return iter(range(4))


def expected_fetcher(data: object) -> str:
    return "_IterableDatasetFetcher" if isinstance(data, IterableDataset) else "_MapDatasetFetcher"


def test_what_is_unseen_reaches_no_mode() -> None:
    values = []

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
            values.append(func)
            return func(*args, **(kwargs or {}))

    x = torch.zeros(2)
    with Mode():
        with torch_internals.Unseen():
            assert x.shape == (2,) and (x + 1).sum() == 2
        assert not values
        assert (x + 1).sum() == 2
    assert values


def test_what_is_unseen_is_in_no_traced_graph() -> None:
    def plain(x: torch.Tensor) -> torch.Tensor:
        return x * 2

    def looked_at(x: torch.Tensor) -> torch.Tensor:
        with torch_internals.Unseen():
            assert float(x.exp().sum()) > 0
        return x * 2

    graphs = [str(torch.jit.trace(one, torch.ones(3)).graph) for one in (plain, looked_at)]
    assert "aten::mul" in graphs[0] and "aten::exp" not in graphs[1]
