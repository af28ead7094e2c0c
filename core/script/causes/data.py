"""Data: datasets, loaders, transforms, embeddings, files."""

from __future__ import annotations

import ast

from torch import Tensor
from torch.utils.data import DataLoader, Dataset, TensorDataset

from core.errors import N_
from core.script.causes.table import Cause, Details, definition, located
from core.script.failure import Failure
from core.script.kinds import is_a
from core.script.source import last_name
from core.trace.torch_internals import base


def _embedding(failure: Failure, _groups: object) -> Details | None:
    indices = failure.tensor("input")
    if indices is None or indices[1].is_floating_point() or not indices[1].numel():
        return None
    low, high = int(indices[1].min()), int(indices[1].max())
    rows = getattr(failure.module, "num_embeddings", 0)
    needed = max([high, *_highest(failure, indices[1])]) + 1
    values = {"low": low, "high": high, "rows": rows, "needed": needed}
    return values | dict((definition(failure, 0, "num_embeddings", rows, needed) if low >= 0 else None) or {})


def _highest(failure: Failure, batch: Tensor) -> list[int]:
    """Return the highest indices of what the batch was taken from: of its whole tensor, or of the data set."""
    whole, data = base(batch), [one for one in failure.variables.values() if is_a(one, Tensor)]
    for loader in failure.variables.values():
        dataset = loader.dataset if is_a(loader, DataLoader) else loader
        data += [one for one in vars(dataset).values() if is_a(one, Tensor)] if is_a(dataset, Dataset) else []
        data += dataset.tensors if is_a(dataset, TensorDataset) else []
    alike = {
        one.data_ptr(): one
        for one in data
        if one.dtype == batch.dtype and one.dim() == batch.dim() > 0 and one.shape[1:] == batch.shape[1:]
    }
    # Of two columns, such as users and items, it is not known which one the batch is from.
    sources = list(alike.values()) if batch.dim() > 1 or len(alike) == 1 else []
    return [int(one.max()) for one in [*sources, *([whole] if whole is not None else [])] if one.numel()]


def _is_dataset(failure: Failure, name: str) -> bool:
    kinds = [one for one in failure.variables.values() if is_a(one, type) and one.__name__ == name]
    return any(issubclass(kind, Dataset) for kind in kinds)


def _lengths(failure: Failure, _groups: object) -> Details | None:
    return {"lengths": ", ".join(str(len(one)) for _name, one in failure.tensors)} if failure.tensors else {}


def _enumerated(failure: Failure, _groups: object) -> Details | None:
    """``for x, y in enumerate(loader)``: x is the number of the batch, and y the batch."""
    tree = failure.source.tree
    for loop in [node for node in ast.walk(tree) if isinstance(node, ast.For)]:
        match loop:
            case ast.For(iter=ast.Call(func=ast.Name(id="enumerate")), target=ast.Tuple(elts=[first, second])):
                lines = {failure.line, *failure.callers}
                is_here = any(loop.lineno <= line <= (loop.end_lineno or 0) for line in lines)
                if (
                    is_here
                    and isinstance(second, ast.Name)
                    and isinstance(first, ast.Name)
                    and _goes_in(loop, first)
                ):
                    text = failure.source.segment(loop.target).strip("()")
                    code = failure.source.with_change(loop.target, f"i, ({text})")
                    return {"first": first.id, "second": second.id, "line": loop.lineno, "code": code}
    return None


def _goes_in(loop: ast.For, name: ast.Name) -> bool:
    """Return whether a name is given to a call alone, as an input is: ``net(x)``."""
    calls = [node for node in ast.walk(loop) if isinstance(node, ast.Call)]
    inputs = [one for call in calls if last_name(call.func) not in ("print", "str") for one in call.args]
    return any(isinstance(one, ast.Name) and one.id == name.id for one in inputs)


def _batch(failure: Failure, _groups: object) -> Details | None:
    """``loader[0]`` and ``next(loader)`` as ``next(iter(loader))``."""
    match located(failure):
        case ast.Subscript(value=owner, slice=ast.Constant(value=0)) as node:
            name = failure.source.segment(owner)
        case ast.Call(func=ast.Name(id="next"), args=[owner]) as node:
            name = failure.source.segment(owner)
        case _:
            return {}
    return {"line": node.lineno, "code": failure.source.with_change(node, f"next(iter({name}))")}


FIRST = (
    Cause(
        "unpack_batch",
        r"got \(int, |must be Tensor, not (?:int|list)|'(?:int|list)' object (?:has no attribute|is not callable)",
        N_("enumerate gives a number and the batch: {first} is the number, and {second} the batch of two tensors."),
        N_("Take the batch apart in parentheses."),
        _enumerated,
    ),
)
CAUSES = (
    Cause(
        "loader_index",
        r"'DataLoader' object is not (?:subscriptable|an iterator)",
        N_(
            "A DataLoader has no batch that could be taken by its number: it stacks each batch when a loop asks for"
            " it."
        ),
        N_("Take one batch with next(iter(loader)), and one sample with loader.dataset[i]."),
        _batch,
    ),
    Cause(
        "split_lengths",
        r"Sum of input lengths does not equal the length of the input dataset",
        N_("random_split takes lengths whose sum is the number of samples in the dataset."),
        N_("Compute the last one: random_split(dataset, [n, len(dataset) - n])"),
    ),
    Cause(
        "embedding_range",
        r"index out of range in self",
        N_("The table has {rows} {rows:row|rows}, and the indices go from {low} to {high}."),
        N_("Set num_embeddings to {needed} or more."),
        _embedding,
    ),
    Cause(
        "missing_len",
        r"object of type '(?P<name>\w+)' has no len\(\)",
        N_("A DataLoader asks {name} how many samples it has, and it has no method __len__."),
        N_("Write in the class: def __len__(self): return …, beside __getitem__."),
        lambda failure, groups: {} if _is_dataset(failure, groups["name"]) else None,
    ),
    Cause(
        "dataset_lengths",
        r"Size mismatch between tensors",
        N_("TensorDataset takes tensors with one row for each sample, and these have: {lengths}."),
        N_("Print len(…) of each, and cut them from the same rows."),
        _lengths,
    ),
    Cause(
        "not_tensors",
        r"default_collate: batch must contain tensors|expected Tensor as element \d+ in argument 0, but got",
        N_("A batch is stacked from tensors and numbers, and the Dataset returns something else."),
        N_("Return tensors: transform=transforms.ToTensor() for pictures, torch.tensor(…) for lists."),
    ),
    Cause(
        "picture_expected",
        r"pic should be PIL Image or ndarray|Input should be Tensor Image|img should be (?:PIL|Tensor) Image"
        r"|Input tensor should be a float tensor",
        N_("Transforms run in order: pictures first, ToTensor, then what takes tensors, such as Normalize."),
        N_("Put ToTensor() before Normalize and after what works on pictures."),
    ),
    Cause(
        "dataset_download",
        r"Dataset not found|You can use download=True|urlopen error|HTTP Error|Error downloading",
        N_("The data are not in that folder, and were not downloaded."),
        N_("Put the files there, or write download=True where the network is reachable."),
    ),
    Cause(
        "unpack_batch",
        r"(?:too many values to unpack|not enough values to unpack)",
        N_("The left side has another number of names than the right side has values."),
        N_(
            "Count what is returned: a DataLoader gives what the Dataset's __getitem__ returns,"
            " enumerate adds a number."
        ),
    ),
    Cause(
        "worker",
        r"DataLoader worker .* (?:exited|is killed)|freeze_support",
        N_("A worker process of the DataLoader ended."),
        N_('Set num_workers=0 to see its error, and start training under if __name__ == "__main__":'),
    ),
    Cause(
        "file",
        r"^(?:FileNotFoundError|PermissionError|IsADirectoryError|NotADirectoryError)"
        r"|Parent directory .* does not exist",
        N_("A file is not where the program looks for it; paths are relative to the folder that it is started in."),
        N_('Check the path: Path(__file__).parent / "name" is relative to the program.'),
    ),
)
