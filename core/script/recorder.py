"""Records a program while it runs: its torch calls, and what the watches need to find silent mistakes."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import CodeType
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, TensorDataset

from core.errors import text_of
from core.ops.registry import DEFINITIONS
from core.script.bounded_list import BoundedList
from core.script.call_arguments import arguments, tensors
from core.script.calls import Before, Calls
from core.script.curves import Curves
from core.script.engine_order import EngineOrder
from core.script.events import Progress, TorchCall, Watch
from core.script.gradients import Gradients
from core.script.held_results import HeldResults
from core.script.hooks import listening
from core.script.kinds import is_a
from core.script.module_pictures import Pictures
from core.script.norms import Names, Norms
from core.script.program_record import BackwardNode, Finding, Operation, TensorFacts, Update
from core.script.steps import is_sampled
from core.script.tensor_facts import facts
from core.trace.binding import canonical
from core.trace.forward import DROPOUTS
from core.trace.torch_internals import Unseen, is_traced

FIRST, BETWEEN, LAST = 400, 400, 200  # operations that are kept
OF_EACH_SITE = 2  # kept besides, of every expression
QUIET = frozenset(
    (
        *("size", "dim", "numel", "len", "hash", "is_floating_point", "is_complex", "ndimension", "element_size"),
        *("get_device", "data_ptr", "has_names", "repr", "format", "stride", "storage", "untyped_storage"),
        *("storage_offset", "type", "dir", "deepcopy", "reduce_ex", "setstate", "register_hook", "array"),
        *("is_contiguous", "is_signed"),
    )
)


class Careful:
    """What ``Recorder.careful`` enters; most of what recording costs goes through it, so it is no generator."""

    __slots__ = ("_before", "_recorder", "_unseen")

    def __init__(self, recorder: Recorder) -> None:
        self._recorder, self._before, self._unseen = recorder, recorder.paused, Unseen()

    def __enter__(self) -> None:
        self._recorder.paused = True
        self._unseen.__enter__()

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> bool:
        self._unseen.__exit__(None, None, None)
        self._recorder.paused = self._before
        if not is_a(error, Exception):
            return False
        # The program's own recursion leaves no room for a look at it: no trouble of the recorder.
        if not is_a(error, RecursionError) and len(self._recorder.troubles) < 20:
            self._recorder.troubles.append(f"{type(error).__name__}: {text_of(error)}")
        return True


class Recorder(TorchFunctionMode):
    """Sees every torch call in true Python order, as long as it is active and not ``paused``."""

    def __init__(
        self, progress: Progress, watches: Sequence[Watch], variables: dict[str, Any] | None = None
    ) -> None:
        """``variables`` are the program's global variables, where parameters have their names."""
        super().__init__()
        self.progress, self.watches = progress, watches
        self.curves = Curves()
        self.names = Names(variables or {})
        self.norms = Norms(self.curves, self.names, progress)
        self.path = progress.source.path
        self.paused = False
        self.hurried = False  # operations are counted, and not looked at
        self._fetched = (0, 0)  # the iteration, and how many batches were fetched in it
        self.operations: BoundedList[Callable[[], Operation]] = BoundedList(FIRST, LAST, BETWEEN)
        self.failed: tuple[BaseException, Callable[..., Any], tuple[Any, ...], dict[str, Any]] | None = None
        self.inplace: list[tuple[int, str, tuple[int, ...]]] = []  # line, expression, shape of what was changed
        self._results = HeldResults()
        self.troubles: list[str] = []
        self.calls, self.pictures = Calls(), Pictures()
        self.gradients = Gradients(self.calls)
        self.depth = 0
        self._stepping: tuple[int, int] | None = None  # where an optimizer's step with a closure was called
        self.returned_none: dict[str, nn.Module] = {}
        self._names: dict[Any, tuple[str, bool, bool]] = {}
        self._sites: dict[tuple[int, int], tuple[int, str]] = {}
        self._codes: dict[int, CodeType] = {}
        self._counts: Counter[tuple[int, int, str]] = Counter()
        self._steps: Counter[int] = Counter()  # of each optimizer
        self._interested: dict[str, list[Watch]] = defaultdict(list)
        for watch in watches:
            for name in watch.operations:
                self._interested[name].append(watch)

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if self.paused:
            return func(*args, **kwargs)
        if self.hurried:
            return self._hurry(func, args, kwargs)
        entry = self._names.get(func)
        if entry is None:
            entry = self._names[func] = _kind(func)
        name, plain, in_place = entry
        if name == "backward" and args and is_a(args[0], Tensor):
            return self._backward(func, args, kwargs)
        before = None if plain else self._before(name, func, args, kwargs, in_place)
        try:
            result = func(*args, **kwargs)
        except BaseException as error:
            if self.failed is None or self.failed[0] is not error:
                self.failed = (error, func, args, kwargs)
            raise
        if in_place:
            self.progress.writes += 1
        if not plain:
            with self.careful():
                self._note(name, func, args, kwargs, result, in_place, before)
        return result

    def _before(
        self, name: str, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], in_place: bool
    ) -> Before | None:
        """Return what a call would lose that changes its input or draws numbers, where it is looked at."""
        in_place = in_place or kwargs.get("inplace") is True
        before = None
        if (in_place or name in DROPOUTS) and (self.operations.at_beginning or is_sampled(self.progress.iteration)):
            with self.careful():
                before = self.calls.before(name, func, args, kwargs, in_place)
        return before

    def _hurry(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.operations.leave_out()
        try:
            return func(*args, **kwargs)
        except BaseException as error:
            self.failed = (error, func, args, kwargs)
            raise

    @contextmanager
    def fetching(self) -> Iterator[None]:
        """Look at what makes a batch only now and then: of images, it is a thousand operations a batch."""
        iteration = self.progress.iteration
        count = self._fetched[1] + 1 if self._fetched[0] == iteration else 1
        self._fetched = (iteration, count)
        before = self.hurried
        self.hurried = before or count > OF_EACH_SITE or (iteration > 0 and not is_sampled(iteration))
        try:
            yield
        finally:
            self.hurried = before

    def careful(self) -> Careful:
        """Let no exception of ours reach the program, and see no torch call of ours."""
        return Careful(self)

    def place(self) -> tuple[tuple[int, int], int, str]:
        """Return (site, line, expression) of the innermost frame of the program's own file."""
        frame: Any = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self.path:
            frame = frame.f_back
        if frame is None:
            return (0, 0), 0, ""
        code = frame.f_code
        site = (id(code), frame.f_lasti)
        entry = self._sites.get(site)
        if entry is None:
            self._codes[site[0]] = code  # alive, so that its id stays its own
            entry = self._sites[site] = self.progress.source.expression(code, frame.f_lasti)
        return site, *entry

    def _note(
        self,
        name: str,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        result: Any,
        in_place: bool,
        before: Before | None,
    ) -> None:
        if any(is_a(one, Tensor) and is_traced(one) for one in args):
            return  # inside of vmap or grad: such a tensor may not be looked at from outside
        site, line, expression = self.place()
        if site == self._stepping:
            return  # the optimizer's own operation, beside those of its closure
        in_place = in_place or kwargs.get("inplace") is True
        outputs = _outputs(args[0] if in_place and args and not is_a(result, Tensor) else result)
        if not outputs and not any(is_a(one, Tensor) for one in args):
            return  # a switch, such as that of the graph
        index, is_sample = self.operations.total, self._is_sample(site, name)
        whole = self.operations.at_beginning or is_sample
        opens = ""
        if name in DEFINITIONS:  # what changes its input without a look before has lost it
            is_recorded = self.operations.at_beginning or (is_sample and self.operations.has_room)
            can_open = is_recorded and (before is not None or not (in_place or name in DROPOUTS))
            has_inputs = can_open and self.calls.take(
                index, self.progress.iteration, name, func, args, kwargs, outputs, before
            )
            opens = "whole" if has_inputs else "cut"
        described = self._described(name, func, args, kwargs, outputs, line, expression, whole, opens)
        self.operations.add(described, is_sample)
        self.progress.makers.note(index, outputs)
        self.pictures.note(name, func, args, kwargs, outputs)
        if in_place and outputs and not isinstance(outputs[0], nn.Parameter):
            self.inplace.append((line, expression, tuple(outputs[0].shape)))
            del self.inplace[:-500]
        if self._results.take(index, line, expression, outputs) and opens == "whole":
            self.gradients.note(index, func, args, kwargs, outputs, in_place)
        watches = self._interested.get(name)
        if watches:
            call = TorchCall(name, func, args, kwargs, result, line, expression, site)
            for watch in watches:
                watch.operation(call)

    def _described(
        self,
        name: str,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        outputs: list[Tensor],
        line: int,
        expression: str,
        whole: bool,
        opens: str,
    ) -> Callable[[], Operation]:
        """Return the record of a call as a function: its names are looked up only where it is kept to the end."""
        of, named_tensors = self.progress.makers.of, tensors(arguments(func, args, kwargs))
        inputs = tuple(facts(key, tensor, whole, of(tensor)) for key, tensor in named_tensors)
        output_facts = tuple(
            facts("", tensor, whole, (self.operations.total, part)) for part, tensor in enumerate(outputs)
        )
        return self._entry(line, expression, name, inputs, output_facts, opens=opens)

    def _entry(
        self,
        line: int,
        expression: str,
        name: str,
        inputs: tuple[TensorFacts, ...] = (),
        outputs: tuple[TensorFacts, ...] = (),
        nodes: tuple[BackwardNode, ...] = (),
        updates: tuple[Update, ...] = (),
        opens: str = "",
    ) -> Callable[[], Operation]:
        step, iteration = self.progress.step, self.progress.iteration
        return lambda: Operation(
            0, line, expression, name, inputs, outputs, 0, step, iteration, nodes, updates, opens
        )

    def array_call(
        self,
        name: str,
        line: int,
        expression: str,
        site: tuple[int, int],
        describe: Callable[[], tuple[tuple[TensorFacts, ...], tuple[TensorFacts, ...]]],
    ) -> None:
        """Note a call of NumPy; ``describe`` gives its inputs and outputs, and is asked where they are kept."""
        if self.paused:
            return
        with self.careful():
            is_sample = self._is_sample(site, name)
            whole = self.operations.at_beginning or is_sample
            inputs, outputs = describe() if whole else ((), ())
            self.operations.add(self._entry(line, expression, name, inputs, outputs), is_sample)

    def _is_sample(self, site: tuple[int, int], name: str) -> bool:
        """Count a call; return whether it is one of the first of its expression, or in a whole iteration."""
        self._counts[(*site, name)] += 1
        return self._counts[(*site, name)] <= OF_EACH_SITE or is_sampled(self.progress.iteration)

    def release(self) -> None:
        """Let go of the results that were held until the backward pass."""
        self._results.release()
        self.gradients.forget()

    def _backward(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        site, line, expression = self.place()
        loss = args[0]
        with self.careful():
            for watch in self.watches:
                watch.before_backward(loss, line)
        is_sample = self._is_sample(site, "backward")
        order = self._engine_order(loss) if is_sample or self.operations.at_beginning else None
        try:
            result = func(*args, **kwargs)
        except BaseException as error:
            self.failed = (error, func, args, kwargs)
            raise
        finally:
            if order is not None:
                order.remove()
        with self.careful():
            inputs = tuple(facts(name, one, True) for name, one in tensors({"input": loss}))
            nodes = () if order is None else order.end(self.operations.total)
            opens = "whole" if nodes else ""
            self.operations.add(
                self._entry(line, expression, "backward", inputs, (), nodes, opens=opens), is_sample
            )
            self.pictures.after_backward()
            self.progress.backwards += 1
            self.progress.writes += 1
            if ".step(" not in self.progress.source.text:
                self.progress.iteration = self._counts[(*site, "backward")]
                self.norms.by_hand(line)
            for watch in self.watches:
                watch.after_backward(loss, line)
            self.release()
        return result

    def _engine_order(self, loss: Tensor) -> EngineOrder | None:
        order = None
        with self.careful():
            names = partial(self.names.of, progress=self.progress)
            order = EngineOrder(loss, self._results.makers(), names, self.pictures.arrived, self.gradients)
        return order

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record: the mode, the hooks of modules and optimizers, and the warnings."""
        with listening(self), self:
            yield

    def enter(self, module: nn.Module, args: Any) -> None:
        """Draw the call of a module that the program itself calls."""
        self.depth += 1
        if self.depth == 1:
            self.progress.called = module
        if self.depth == 1 and not self.paused:
            with self.careful():
                self.pictures.enter(module, args, self.place()[1], self.progress.step)
        elif not self.paused:
            self.pictures.inside(module)

    def leave(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """Let the watches look at a module that the program itself called."""
        self.depth -= 1
        if not self.depth:
            self.progress.called = None
        elif not self.paused:
            self.pictures.outside()
        if output is None:
            self.returned_none[type(module).__name__] = module
        if self.depth or self.paused:
            return
        with self.careful():
            self.pictures.leave(module)
            _site, line, _expression = self.place()
            assert self.progress.roots is not None
            self.progress.roots[id(module)] = module
            for watch in self.watches:
                watch.called(module, args, output, line)

    def before_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Let the watches look at an optimizer; its own operations are not recorded."""
        site = (0, 0)
        with self.careful():
            site, line, _expression = self.place()
            assert self.progress.optimizers is not None
            self.progress.optimizers[id(optimizer)] = optimizer
            for watch in self.watches:
                watch.before_step(optimizer, line)
            self.norms.before(optimizer, line, self._is_whole(optimizer))
        has_closure = len(args) > 1 or "closure" in kwargs  # it runs the program's own lines
        self.paused, self._stepping = not has_closure, site if has_closure else None

    def after_step(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        """Record an optimizer's step: it ends an iteration."""
        self.paused, self._stepping = False, None
        with self.careful():
            _site, line, expression = self.place()
            whole = self._is_whole(optimizer)
            updates = self.norms.after(optimizer, line, whole)
            self.operations.add(self._entry(line, expression, "optimizer.step", (), (), (), updates), whole)
            self.progress.steps += 1
            self.progress.writes += 1
            self._steps[id(optimizer)] += 1
            self.progress.iteration = max(self._steps.values())
            for watch in self.watches:
                watch.after_step(optimizer, line)

    def makes(self, dataset: TensorDataset) -> None:
        """Let the watches look at a data set that was just made."""
        with self.careful():
            _site, line, _expression = self.place()
            for watch in self.watches:
                watch.makes(dataset, line)

    def loads(self, loader: DataLoader[Any]) -> None:
        """Let the watches look at a loader before it is gone through."""
        with self.careful():
            _site, line, _expression = self.place()
            for watch in self.watches:
                watch.loads(loader, line)

    def _is_whole(self, optimizer: Optimizer) -> bool:
        return self.operations.at_beginning or self._steps[id(optimizer)] < 2 or is_sampled(self.progress.iteration)

    def warned(self, message: Any, category: Any, _file: str, lineno: int, *_rest: Any) -> None:
        """Let the watches look at a warning, with the program's own line where it has one."""
        with self.careful():
            _site, line, _expression = self.place()
            for watch in self.watches:
                watch.warned(f"{category.__name__}: {message}", line or lineno)

    def records(self) -> tuple[Operation, ...]:
        """Return the operations that are kept."""
        entries = [(number, skipped, entry()) for number, skipped, entry in self.operations]
        return tuple(replace(one, index=number, skipped_before=skipped) for number, skipped, one in entries)

    def findings(self) -> tuple[Finding, ...]:
        """Return what the watches found, in the order of the lines."""
        findings = (finding for watch in self.watches for finding in watch.findings.values())
        return tuple(sorted(findings, key=lambda finding: (finding.line, finding.key)))


def _kind(func: Callable[..., Any]) -> tuple[str, bool, bool]:
    """Return the name of a torch function, whether nobody looks at its calls, and whether it changes its input."""
    name, raw = canonical(func), getattr(func, "__name__", "")
    plain = raw in ("__get__", "__set__") or name in QUIET
    augmented = raw.startswith("__i") and raw not in ("__invert__", "__index__", "__int__")
    in_place = raw == "__setitem__" or augmented or (raw.endswith("_") and not raw.endswith("__"))
    return name, plain, in_place


def _outputs(result: Any) -> list[Tensor]:
    if is_a(result, Tensor):
        return [result]
    if is_a(result, tuple | list):
        return [tensor for item in result[:20] for tensor in _outputs(item)]
    return []


def new_progress(source: Any) -> Progress:
    """Return the progress of a program that has not begun."""
    return Progress(source, optimizers={}, roots={}, trained=set())
