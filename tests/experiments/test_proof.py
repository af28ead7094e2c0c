"""Each finding leads to what shows it: an experiment where a setting is the cause, else a program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import nn

from benchmarks.faulty_trainings import PLANTED
from core.examination import Examiner, diagnose
from core.experiments import proof
from core.experiments.questions import QUESTIONS
from core.script import library
from tests.experiments.configs import UNUSUAL


@pytest.mark.parametrize("key", proof.QUESTIONS_OF)
def test_the_run_itself_is_compared_with_others_that_lack_the_cause(key: str) -> None:
    plan = proof.proof(key, UNUSUAL.with_(initialisation="zeros"))
    assert plan is not None and plan.count >= 2 * plan.seeds >= 6
    assert UNUSUAL.with_(initialisation="zeros") in [member.config for member in plan.members()]
    assert proof.QUESTIONS_OF[key] in {question.code for question in QUESTIONS}


def test_every_finding_that_has_an_experiment_can_be_planted() -> None:
    symptoms = {"at_chance"}  # named where no cause was found
    assert proof.QUESTIONS_OF.keys() - symptoms <= {training.fault for training in PLANTED}
    assert proof.proof("not_in_optimizer", UNUSUAL) is None


def test_the_largest_rate_of_all_is_not_exceeded() -> None:
    plan = proof.proof("rate_too_low", UNUSUAL.with_(learning_rate=900.0))
    assert plan is not None and plan.axes[0].values == (900.0, 1000.0)


@pytest.mark.parametrize(("key", "name"), proof.PROGRAM_OF.items())
def test_a_finding_that_no_setting_causes_leads_to_a_program_in_which_it_is_found(key: str, name: str) -> None:
    assert key not in proof.QUESTIONS_OF and key in {training.fault for training in PLANTED}
    entry = library.entries()[name]
    assert key in findings(entry.program)
    if key != "frozen":  # the weights stay frozen there: their batch norm is what is repaired
        assert key not in findings(entry.repaired)


def findings(program: str) -> list[str]:
    """Run a program with an examiner around each turn of its training loop; return what the examination names."""
    tree, loop = ast.parse(program), None
    for each in tree.body:
        if isinstance(each, ast.For) and "backward" in ast.unparse(each):
            loop = each
    assert loop is not None
    (turn,) = ast.parse("with watch_turn(globals()):\n    pass").body
    assert isinstance(turn, ast.With)
    first = [each for each in loop.body if ast.unparse(each) == "model.train()"]  # is no part of the step
    turn.body, loop.body = [each for each in loop.body if each not in first], [*first, turn]
    watch_turn = LoopExaminer()
    exec(compile(ast.fix_missing_locations(tree), "program", "exec"), {"watch_turn": watch_turn})
    return [finding.key for finding in diagnose(watch_turn.examiner.result())]


class LoopExaminer:
    """An examiner of the model, the optimizer and the data that a program has when its training begins."""

    examiner: Examiner

    @contextmanager
    def __call__(self, names: dict[str, Any]) -> Iterator[None]:
        """Examine one turn of the loop; its losses are those whose gradients are computed."""
        if not hasattr(self, "examiner"):
            self._begin(names)
        step = len(self.examiner.readings)
        with pytest.MonkeyPatch.context() as patch, self.examiner.watch(step) as observation:

            def backward(loss: torch.Tensor) -> None:
                observation.loss = loss.item()
                torch.autograd.backward(loss)

            patch.setattr(torch.Tensor, "backward", backward)
            yield

    def _begin(self, names: dict[str, Any]) -> None:
        model, optimizer = names["model"], names.get("optimizer") or names["opt"]
        self.examiner = Examiner(model, optimizer, every=1)
        if "x" in names or "inputs" in names:
            targets = names.get("y", names.get("labels"))
            self.examiner.look_at(names.get("inputs", names.get("x")), targets if targets.ndim == 1 else None)

        def on_test(*_call: object) -> None:
            if not torch.is_grad_enabled():
                self.examiner.test(len(self.examiner.readings) + 1, 1.0, 1.0)

        assert isinstance(model, nn.Module)
        model.register_forward_hook(on_test)
