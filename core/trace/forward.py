"""Records a forward pass: every torch call in the order of execution, with the module and the line that made it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, Node
from torch.overrides import TorchFunctionMode

from core.errors import N_, InvalidSetting
from core.ops.explanation import HIDDEN, Call
from core.rng import own_generator
from core.trace.binding import bind, canonical, is_inplace, options_in, tensors_in
from core.trace.out_of_bounds import check as check_safe
from core.trace.source import locate
from core.trace.torch_internals import (
    Unseen,
    branch_of_cond,
    edge_of,
    in_transform,
    leaf_of,
    own_calls,
    tree_flatten,
    tree_unflatten,
    version,
)
from core.trace.trace_record import Operation, Span, Value

POOLINGS = {"max_pool1d": F.max_pool1d, "max_pool2d": F.max_pool2d, "max_pool3d": F.max_pool3d}
DROPOUTS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout")
MOST_OPERATIONS = 5_000  # about 3 kB of the message each
MOST_NUMBERS = 100_000_000  # in all values together that are not parameters: 400 MB of float32


def run(function: Callable[..., Any], *args: Any) -> Any:
    """Call ``function``; source positions are searched up to this frame."""
    return function(*args)


class Recorder(TorchFunctionMode):
    """Collects values and operations while it is active; ``edges`` and ``arrivals`` serve the backward pass.

    A tensor is known by its identity and its version counter, which every in-place operation raises, and by the
    node behind it: what ``torch.autograd.Function`` returns is a tensor seen before, with a new ``grad_fn``.

    Values and operations are known by their numbers, which are places in ``values`` and ``operations``. ``edges``
    says where the gradient of (operation, argument) goes, ``arrivals`` where that of a value arrives. Raises
    ``InvalidSetting`` where the pass makes more than ``MOST_OPERATIONS`` calls or ``MOST_NUMBERS`` numbers.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.values: list[Value] = []
        self.operations: list[Operation] = []
        self.phase = "forward"
        self.path: list[str] = [""]  # of the modules that are running, the innermost last
        self.owner: dict[Node, int] = {}  # backward node -> the operation that made it
        self.edges: dict[tuple[int, str], GradientEdge] = {}
        self.arrivals: dict[int, GradientEdge] = {}
        self.rng_states: dict[int, Tensor] = {}  # operation -> the generator's state before it, where it matters
        self._numbers = 0
        self._number_of: dict[tuple[int, int], int] = {}  # (identity, version) of a tensor -> its value
        self.changed_from: dict[int, int] = {}  # value -> the one that the same node returned, with other numbers
        self.written_over: dict[int, int] = {}  # value -> the one of the same tensor before something wrote unseen
        self._latest: dict[int, int] = {}  # the identity of a tensor -> its newest value
        self._by_edge: dict[tuple[Node, int], int] = {}  # (grad_fn, output_nr) -> the value that they made
        self.tensors: list[Tensor] = []  # identities are only unique among living objects
        self._named = {id(p): ("parameter", name) for name, p in network.named_parameters()}
        self._named |= {id(b): ("buffer", name) for name, b in network.named_buffers()}

    def value_of(self, tensor: Tensor, kind: str = "", name: str = "", producer: int | None = None) -> int:
        """Return the number of the value that ``tensor`` holds now, copying it when it was not seen before."""
        with Unseen():  # a subclass of Tensor is copied as the numbers that it holds
            return self._value_of(tensor, kind, name, producer)

    def _value_of(self, tensor: Tensor, kind: str, name: str, producer: int | None) -> int:
        key = (id(tensor), version(tensor))
        number = self._number_of.get(key)
        if number is not None and self._is_still(number, tensor):
            return number
        if producer is None and tensor.grad_fn is not None:
            before = self._by_edge.get((tensor.grad_fn, tensor.output_nr))
            if before is None:
                producer = self._maker_of(tensor, number)
            elif _equal(self.values[before].tensor, tensor):
                return before
            else:
                self.changed_from[len(self.values)] = number = before
        if producer is None and self._changed_unseen(tensor, number):
            kind = kind or "changed"
        before = self._latest.get(id(tensor))
        if producer is None and before is not None and not _equal(self.values[before].tensor, tensor):
            self.written_over[len(self.values)] = before
        self._number_of[key] = self._latest[id(tensor)] = self._add(tensor, kind, name, producer)
        return self._number_of[key]

    def _changed_unseen(self, tensor: Tensor, number: int | None) -> bool:
        """Return whether ``tensor`` is a recorded result, of ``number`` or its latest, with other numbers."""
        number = self._latest.get(id(tensor)) if number is None else number
        if number is None or self.values[number].kind not in ("result", "changed"):
            return False
        return not _equal(self.values[number].tensor, tensor)

    def _maker_of(self, tensor: Tensor, number: int | None) -> int:
        """Return the operation that made a tensor which no watched call returned; see ``_note_unseen``."""
        assert tensor.grad_fn is not None
        index = self.owner.get(tensor.grad_fn)
        if index is None:
            return self._note_unseen(tensor, number)
        operation = self.operations[index]
        self.operations[index] = replace(operation, outputs=(*operation.outputs, len(self.values)))
        return index

    def _is_still(self, number: int, tensor: Tensor) -> bool:
        """Return whether ``tensor`` is what it was: ``.data``, NumPy and some calls write without saying so."""
        value = self.values[number]
        if value.requires_grad != tensor.requires_grad:
            return False
        if tensor.grad_fn is not None and self._by_edge.get((tensor.grad_fn, tensor.output_nr)) != number:
            return False
        return _equal(value.tensor, tensor)

    def _add(self, tensor: Tensor, kind: str, name: str, producer: int | None) -> int:
        number = len(self.values)
        named = self._named.get(id(tensor), ("constant" if producer is None else "result", ""))
        grad_fn = tensor.grad_fn.name() if tensor.grad_fn is not None else ""
        self._refuse_nested(tensor)
        self._count(tensor, named[0])
        copy = tensor.detach().clone()
        self.tensors.append(tensor)
        self.values.append(
            Value(
                number,
                kind or named[0],
                name or named[1],
                copy,
                tensor.requires_grad,
                tensor.is_leaf,
                grad_fn,
                producer,
            )
        )
        edge = edge_of(tensor)
        if edge is not None:
            self.arrivals[number] = edge
            if tensor.grad_fn is not None:
                self._by_edge[tensor.grad_fn, tensor.output_nr] = number
        return number

    def _refuse_nested(self, tensor: Tensor) -> None:
        if tensor.is_nested:
            raise InvalidSetting(
                N_(
                    "this forward pass makes a nested tensor, whose rows have sizes of their own: it is not drawn"
                    " here"
                )
            )

    def _count(self, tensor: Tensor, kind: str) -> None:
        self._numbers += 0 if kind == "parameter" else tensor.numel()
        if self._numbers > MOST_NUMBERS:
            raise InvalidSetting(
                N_("this forward pass makes more than {most:,} numbers, more than are kept: give a smaller input"),
                most=MOST_NUMBERS,
            )
        if len(self.operations) > MOST_OPERATIONS:
            raise InvalidSetting(
                N_("this forward pass makes more than {most:,} torch calls, the most that are walked through"),
                most=MOST_OPERATIONS,
            )

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        branch = branch_of_cond(func, args)
        if branch is not None:
            with self:
                return branch()
        with Unseen():
            named = bind(func, args, kwargs)
            tensors = tensors_in(named)
            outside = not any(map(in_transform, tensors.values()))
        if not outside:
            return func(*args, **kwargs)  # its result is met outside of the transform, with the nodes behind it
        with Unseen():
            owner = own_calls(tensors.values())
            name = canonical(func) if owner is None else f"{owner}.{canonical(func)}"
            inputs = tuple((key, self.value_of(tensor)) for key, tensor in tensors.items())
            edges = self._edges_of(tensors)
            twice = len({(edge.node, edge.output_nr) for edge in edges.values()}) < len(edges)
            random_state = torch.get_rng_state() if twice or name in DROPOUTS else None
            check_safe(name, named)
        result = func(*args, **kwargs)
        with Unseen():
            inplace = is_inplace(func, named)
            returned = args[0] if result is None and inplace and args else result
            outputs = [
                item for item in tree_flatten(returned)[0] if isinstance(item, Tensor) and not in_transform(item)
            ]
            if outputs:
                arguments = {key: self.values[i].tensor for key, i in inputs}
                call = Call(name, arguments, options_in(named), outputs[0])
                again = None if owner else _again(func, args, kwargs, list(tensors.values()))
                self._note(call, inputs, outputs, inplace, edges, random_state, again)
        return result

    def _edges_of(self, tensors: dict[str, Tensor]) -> dict[str, GradientEdge]:
        """Return where each argument's gradient will go; nowhere while the graph is switched off."""
        if not torch.is_grad_enabled():
            return {}
        edges = {key: edge_of(tensor) for key, tensor in tensors.items()}
        return {key: edge for key, edge in edges.items() if edge is not None}

    def _note(
        self,
        call: Call,
        inputs: tuple[tuple[str, int], ...],
        outputs: list[Tensor],
        inplace: bool,
        edges: dict[str, GradientEdge],
        random_state: Tensor | None,
        again: Callable[..., Any] | None,
    ) -> None:
        """Append the operation that ``call`` was.

        ``inputs`` are names and values of the arguments, ``outputs`` the tensors returned, ``edges`` where the
        gradients of the arguments go, ``random_state`` torch's generator before the call, where it matters, and
        ``again`` what ``_again`` returns, None where the call cannot run by itself.
        """
        index = len(self.operations)
        leading: dict[tuple[Node, int], GradientEdge] = {}
        for tensor in outputs:
            leading |= self._own(tensor.grad_fn, index)
        numbers = tuple(self.value_of(tensor, producer=index) for tensor in outputs)
        hidden = self._hidden(leading, edges)
        if hidden:
            inputs, again = (*inputs, *((name, number) for name, (number, _) in hidden.items())), None
            edges = edges | {name: edge for name, (_, edge) in hidden.items()}
        tensors = {key: self.values[number].tensor for key, number in inputs}
        call = Call(call.name, tensors, call.options, self.values[numbers[0]].tensor)
        call.saved.update(saved(call, random_state))
        path, stack = self.path[-1], locate(run.__code__)
        self.operations.append(
            Operation(index, call.name, self.phase, path, stack, inputs, numbers, call, inplace, again)
        )
        self.edges |= {(index, key): edge for key, edge in edges.items()}
        if random_state is not None:
            self.rng_states[index] = random_state

    def _hidden(
        self, leading: dict[tuple[Node, int], GradientEdge], edges: dict[str, GradientEdge]
    ) -> dict[str, tuple[int, GradientEdge]]:
        """Return the recorded values that an operation's nodes lead to and that it was not given.

        ``torch.autograd.grad`` with ``create_graph`` is one: it is given two tensors and uses what was saved.
        """
        direct = {(edge.node, edge.output_nr) for edge in edges.values()}
        candidates = [(self._number_behind(edge), edge) for key, edge in leading.items() if key not in direct]
        pairs = [(number, edge) for number, edge in candidates if number is not None]
        return {f"{HIDDEN}{i}]": pair for i, pair in enumerate(pairs)}

    def _note_unseen(self, tensor: Tensor, value_number: int | None) -> int:
        """Add the operation that made ``tensor`` out of recorded values without a torch call that was watched.

        ``value_number`` is the value that the same tensor held before it got its node: where that was made, the
        call stands one frame further out.
        """
        assert tensor.grad_fn is not None
        index = len(self.operations)
        edges = list(self._own(tensor.grad_fn, index).values())
        names = ["input"] if len(edges) == 1 else [f"inputs[{i}]" for i in range(len(edges))]
        numbers = [self._number_behind(edge) for edge in edges]
        inputs = tuple((name, number) for name, number in zip(names, numbers, strict=True) if number is not None)
        name = re.sub(r"Backward\d*$", "", tensor.grad_fn.name().rsplit("::", 1)[-1])
        call = Call(name, {key: self.values[i].tensor for key, i in inputs}, {}, tensor.detach().clone())
        stack = self._stack_around(value_number)
        outputs = (len(self.values),)
        self.operations.append(
            Operation(index, name, self.phase, self.path[-1], stack, inputs, outputs, call, False, None, True)
        )
        self.edges |= {(index, key): edge for key, edge in zip(names, edges, strict=True)}
        return index

    def _stack_around(self, number: int | None) -> tuple[Span, ...]:
        producer = None if number is None else self.values[number].producer
        return () if producer is None else self.operations[producer].stack[1:]

    def _number_behind(self, edge: GradientEdge) -> int | None:
        leaf = leaf_of(edge.node)
        return self._by_edge.get((edge.node, edge.output_nr)) if leaf is None else self.value_of(leaf)

    def _own(self, root: Node | None, index: int) -> dict[tuple[Node, int], GradientEdge]:
        """Give ``index`` the nodes behind ``root`` that no earlier operation created; return where they lead."""
        leading: dict[tuple[Node, int], GradientEdge] = {}
        waiting = [] if root is None or root in self.owner or leaf_of(root) is not None else [root]
        while waiting:
            node = waiting.pop()
            self.owner[node] = index
            for following, slot in node.next_functions:
                if following is None or self.owner.get(following) == index:
                    continue
                if following in self.owner or leaf_of(following) is not None:
                    leading[following, slot] = GradientEdge(following, slot)
                else:
                    waiting.append(following)
        return leading

    @contextmanager
    def modules(self, network: nn.Module) -> Iterator[None]:
        """Keep ``path`` up to date while the network runs, by hooks on every module, removed afterwards."""
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


def _equal(copy: Tensor, tensor: Tensor) -> bool:
    """Return whether both hold the same numbers now, bit patterns of nan aside."""
    if copy.is_meta or tensor.is_meta:  # there are none
        return copy.is_meta == tensor.is_meta
    if copy.layout != torch.strided or tensor.layout != torch.strided:
        return copy.layout == tensor.layout
    if copy.shape != tensor.shape or copy.dtype != tensor.dtype:
        return False
    now = tensor.detach()
    return torch.equal(copy, now) or bool(((copy == now) | ((copy != copy) & (now != now))).all())


def saved(call: Call, random_state: Tensor | None) -> dict[str, Tensor]:
    """Return what the call does not: ``mask``, 1 where a dropout kept a cell; ``indices`` of a max pooling.

    ``random_state`` is torch's generator before the call.
    """
    if call.name in POOLINGS:
        options = {key: call.options[key] for key in ("kernel_size", "stride", "padding", "dilation", "ceil_mode")}
        _, indices = POOLINGS[call.name](call.tensors["input"], **options, return_indices=True)
        return {"indices": indices}
    if call.name in DROPOUTS and random_state is not None:
        x = call.tensors["input"]
        with own_generator():
            torch.set_rng_state(random_state)
            dropout = getattr(F, call.name, torch.feature_dropout)
            p, training = call.options.get("p", 0.5), call.options.get("training", call.options.get("train", True))
            scaled = dropout(torch.ones_like(x), p, training)  # 0 or 1 / (1 - p): the same numbers were drawn
        return {"mask": (scaled != 0).to(x.dtype)}
    return {}


def _again(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], arguments: list[Tensor]
) -> Callable[..., Any]:
    """Return the call as a function of its tensors, which it takes in the order of ``arguments`` and clones.

    ``arguments`` are some of the tensors in ``args`` and ``kwargs``, ordered as in PyTorch's signature; the others,
    and all that is no tensor, stay as they are now.
    """
    leaves, form = tree_flatten((args, kwargs))
    pattern = [None if isinstance(leaf, Tensor) else leaf for leaf in leaves]
    open_places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]
    places = []
    for tensor in arguments:  # a tensor that is there twice takes its places in turn
        places.append(next(i for i in open_places if leaves[i] is tensor))
        open_places.remove(places[-1])
    rest = {i: leaves[i].detach().clone() for i in open_places}

    def again(*tensors: Tensor) -> Any:
        filled = list(pattern)
        for place, tensor in zip(places, tensors, strict=True):
            filled[place] = tensor.clone()
        for place, tensor in rest.items():
            filled[place] = tensor
        new_args, new_kwargs = tree_unflatten(filled, form)
        result = func(*new_args, **new_kwargs)
        return new_args[0] if result is None else result

    return again
