"""The record of a program: steps with variables, curves, the engine's order, updates, NumPy, bounds."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from core.script.program_record import Record, Step
from core.script.run import Runner


@pytest.fixture
def record(runner: Runner, tmp_path: Path) -> Iterator[object]:
    def run(text: str) -> Record:
        path = tmp_path / "program.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        recording = runner.run(path)
        assert not recording.troubles
        return recording

    return run


def texts(step: Step) -> dict[str, str]:
    return {one.name: one.text for one in step.variables}


def test_each_step_has_the_variables_in_scope_and_what_changed(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        a = 2
        def double(x):
            y = x * 2
            return y
        b = double(a)
        w = torch.zeros(2)
        w[0] = 1
        items = [1]
        items.append(b)
        """
    )
    assert recording.error is None
    module = [step for step in recording.steps if step.function == "<module>"]
    assert [step.line for step in module] == [1, 2, 3, 6, 7, 8, 9, 10, 10]
    assert module[-1].event == "return" and module[-1].depth == 1
    by_line = {step.line: step for step in module[:-1]}
    assert by_line[3].changed == ("a",) and texts(by_line[3]) == {"a": "2"}
    assert by_line[7].changed == ("b",) and texts(by_line[7])["b"] == "4"
    assert by_line[9].changed == ("w",)
    w = next(one for one in by_line[9].variables if one.name == "w")
    assert w.tensor is not None and w.tensor.values["first"] == [1.0, 0.0]
    assert module[-1].changed == ("items",) and texts(module[-1])["items"] == "[1, 4]"
    inner = [step for step in recording.steps if step.function == "double"]
    assert [(step.line, step.event, step.depth) for step in inner] == [
        (4, "line", 2),
        (5, "line", 2),
        (5, "return", 2),
    ]
    assert texts(inner[-1]) == {"x": "2", "y": "4"}
    assert recording.total_steps == len(recording.steps)


def test_operations_and_prints_know_their_step_and_iteration(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        w = torch.ones(1, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for i in range(3):
            optimizer.zero_grad()
            loss = (w * w).sum()
            loss.backward()
            optimizer.step()
            print("loss", loss.item())
        """
    )
    steps = {step.index: step for step in recording.steps}
    for operation in recording.operations:
        assert steps[operation.step].line == operation.line
    assert [one.iteration for one in recording.prints] == [1, 2, 3]
    assert [one.iteration for one in recording.operations if one.name == "backward"] == [0, 1, 2]
    assert recording.iterations == 3


def test_repeated_numbers_are_curves_and_equal_torchs(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        torch.manual_seed(0)
        model = torch.nn.Linear(3, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        x, y = torch.randn(8, 3), torch.randn(8, 1)
        for epoch in range(5):
            loss = torch.nn.functional.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            print(f"epoch {epoch}, loss: {loss.item():.6f}")
        """
    )
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randn(8, 3), torch.randn(8, 1)
    losses, weights, gradients = [], [], []
    for _ in range(5):
        loss = torch.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        assert model.weight.grad is not None
        gradients.append(model.weight.grad.norm().item())
        optimizer.step()
        weights.append(model.weight.norm().item())
        losses.append(loss.item())
    curves = {(one.kind, one.name): one for one in recording.series}
    assert curves["assigned", "loss"].values == pytest.approx(losses, rel=1e-5)
    assert curves["printed", "loss"].values == pytest.approx(losses, abs=1e-5)
    assert curves["printed", "epoch"].values == (0, 1, 2, 3, 4)
    assert curves["parameter", "weight"].values == pytest.approx(weights, rel=1e-5)
    assert curves["gradient", "weight"].values == pytest.approx(gradients, rel=1e-5)
    assert curves["gradient", "weight"].iterations == (0, 1, 2, 3, 4)
    assert curves["rate", "lr"].values == (0.1,) * 5
    assert ("assigned", "epoch") not in curves


def test_a_backward_pass_is_in_the_engines_order_and_knows_its_operations(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        h = w * 3
        loss = h.relu().sum()
        loss.backward()
        """
    )
    backward = next(one for one in recording.operations if one.name == "backward")
    assert [(node.name, node.expression, node.leaf) for node in backward.nodes] == [
        ("SumBackward0", "h.relu().sum()", ""),
        ("ReluBackward0", "h.relu()", ""),
        ("MulBackward0", "w * 3", ""),
        ("torch::autograd::AccumulateGrad", "w * 3", "w"),
    ]
    assert recording.operations[backward.nodes[1].operation].name == "relu"
    assert backward.nodes[-1].gradients[0].values["first"] == [3.0, 3.0]


def test_a_step_of_the_optimizer_has_its_updates(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        w = torch.tensor([3.0, 4.0], requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.5)
        (w * w).sum().backward()
        optimizer.step()
        """
    )
    step = next(one for one in recording.operations if one.name == "optimizer.step")
    (update,) = step.updates
    assert (update.name, update.shape) == ("w", (2,))
    assert (update.norm_before, update.norm_gradient, update.norm_after) == (5, 10, 0)


def test_weights_that_are_updated_by_hand_have_curves(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        w = torch.tensor([3.0, 4.0], requires_grad=True)
        for t in range(3):
            loss = (w * w).sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.25 * w.grad
                w.grad.zero_()
        """
    )
    curves = {(one.kind, one.name): one for one in recording.series}
    assert curves["parameter", "w"].values == (5, 2.5, 1.25)
    assert curves["gradient", "w"].values == (10, 5, 2.5)
    assert recording.iterations == 3


def test_operations_of_numpy_have_their_sub_expressions(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import numpy as np
        x = np.ones((4, 3))
        w = np.arange(6.0).reshape(3, 2)
        h = np.maximum(x.dot(w) - 1, 0)
        n = x.T @ x
        s = np.square(h).sum()
        """
    )
    by_expression = {one.expression: one for one in recording.operations}
    dot = by_expression["x.dot(w)"]
    assert (dot.name, dot.line) == ("numpy.dot", 4)
    assert [(one.name, one.shape) for one in dot.inputs] == [("x", (4, 3)), ("w", (3, 2))]
    assert dot.outputs[0].shape == (4, 2) and dot.outputs[0].values["first"][:2] == [6.0, 9.0]  # type: ignore[index]
    minus = by_expression["x.dot(w) - 1"]
    assert minus.name == "numpy.subtract" and [one.name for one in minus.inputs] == ["x.dot(w)"]
    assert by_expression["np.maximum(x.dot(w) - 1, 0)"].name == "numpy.maximum"
    assert by_expression["x.T @ x"].name == "numpy.matmul" and by_expression["x.T"].name == "numpy.transpose"


def test_a_program_with_numpy_raises_as_it_would_without_a_recorder(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import numpy as np
        class Net:
            def __init__(self):
                super().__init__()
                self.w = np.ones((4, 2))
        net = Net()
        print(sorted(locals())[-2:], f"{np.ones(2).sum():.1f}")
        y = (np.ones((3, 3)) + 1).dot(net.w)
        """
    )
    assert [one.text for one in recording.prints] == ["['net', 'np'] 2.0"]
    error = recording.error
    assert error is not None
    assert (error.line, error.expression, error.cause) == (8, "(np.ones((3, 3)) + 1).dot(net.w)", "numpy_shapes")


def test_long_programs_are_sampled_and_say_so(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        w = torch.ones(1, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.001)
        for i in range(1000):
            optimizer.zero_grad()
            loss = (w * w).sum()
            loss.backward()
            optimizer.step()
        """
    )
    assert recording.total_steps > 5000 > len(recording.steps)
    assert [step.index for step in recording.steps] == sorted(step.index for step in recording.steps)
    assert sum(1 + step.skipped_before for step in recording.steps) == recording.total_steps
    assert {0, 1, 2, 100, 200, 500, 999, 1000} <= {step.iteration for step in recording.steps}
    assert [note.values["total"] for note in recording.notes] == [recording.total_steps]
    loss = next(one for one in recording.series if (one.kind, one.name) == ("assigned", "loss"))
    assert loss.total == 1000 and len(loss.values) <= 1025 and loss.iterations[-1] == 999
    last = [step for step in recording.steps if step.function == "<module>"][-1]
    assert float(texts(last)["loss"] == "[] float32")


def test_no_method_of_an_object_is_called(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        calls = 0
        class Liar:
            def __repr__(self):
                global calls
                calls += 1
                raise ValueError
            __str__ = __len__ = __eq__ = __hash__ = __bool__ = __repr__
        liar = Liar()
        liars = [liar]
        print(calls)
        """
    )
    assert recording.prints[0].text == "0"
    assert texts(recording.steps[-1])["liar"] == "Liar" and texts(recording.steps[-1])["liars"] == "list of 1"


def test_a_small_tensor_keeps_the_numbers_that_it_had_at_each_step(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        x = torch.zeros(2)
        y = x.view(2)
        x += 1
        x[0] = 5.0
        x.fill_(1)
        x.fill_(1)
        """
    )

    def numbers(name: str) -> list[object]:
        tensors = [one.tensor for step in recording.steps for one in step.variables if one.name == name]
        return [tensor.values["first"] for tensor in tensors if tensor is not None]

    assert numbers("x") == [[0.0, 0.0]] * 2 + [[1.0, 1.0], [5.0, 1.0]] + [[1.0, 1.0]] * 2
    assert numbers("y") == numbers("x")[1:]
    last = recording.steps[-1]
    assert [one.tensor.values["max"] for one in last.variables if one.tensor is not None] == [1.0, 1.0]


LOADED = """\
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 160

    def __getitem__(self, i):
        x = torch.full((3,), float(i))
        for _ in range(20):
            x = x + 1
        return x if i < LAST else x[:2]


model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-9)
for x in DataLoader(Numbers(), batch_size=8):
    loss = model(x).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


def test_what_makes_a_batch_is_counted_and_looked_at_now_and_then(record: object) -> None:
    recording: Record = record(LOADED.replace("LAST", "160"))  # type: ignore[operator]
    assert recording.error is None and recording.iterations == 20
    assert recording.total_operations > 160 * 21
    inside = [one for one in recording.operations if one.expression == "x + 1"]
    assert inside and {one.iteration for one in inside} <= {0, 1, 2, 5, 10}
    forward = {one.iteration for one in recording.operations if one.expression == "model(x)"}
    assert {0, 1, 2, 5, 10, 19} <= forward


def test_a_late_batch_that_cannot_be_made_is_explained(record: object) -> None:
    recording: Record = record(LOADED.replace("LAST", "155"))  # type: ignore[operator]
    assert recording.error is not None and recording.error.line == 18
    assert {one.shape for one in recording.error.operands} == {(3,), (2,)}


def test_an_error_that_cannot_be_printed_is_told_and_what_ran_before_it_is_kept(record: object) -> None:
    recording: Record = record(  # type: ignore[operator]
        """\
        import torch
        class Odd(Exception):
            def __str__(self):
                raise SystemExit(4)
        print(torch.ones(2))
        raise Odd
        """
    )
    error = recording.error
    assert error is not None and (error.type, error.line) == ("Odd", 6)
    assert error.message == "<exception str() failed>" and len(recording.prints) == 1
