"""The numbers of a run in a row that never changes its shape."""

from __future__ import annotations

from typing import TypedDict

from core.errors import N_
from core.live.run.moment import Moment
from core.training.run_labels import STATES, Say, decimal, duration
from core.training.status import Status


class NumberFacts(TypedDict):
    """A number with its name; ``remark`` says of when it is, "" where that is plain. ``old``: training went on."""

    name: str
    text: str
    remark: str
    old: bool


def numbers(say: Say, now: Moment | None) -> list[NumberFacts]:
    """Return state, progress and the latest numbers; a dash where there is none yet."""
    status = now.status if now else Status()
    tested, old = _tested(say, status), _is_old(status)
    accuracy = "–" if status.accuracy is None else f"{status.accuracy:.2%}"
    return [
        _number(say(N_("State")), _state(say, now)),
        _number(say(N_("Epoch")), f"{status.epoch}" if status.step else "–"),
        _number(say(N_("Batch")), f"{status.step:,} / {status.steps:,}" if status.steps else "–"),
        _number(say(N_("Training loss")), decimal(status.loss)),
        _number(say(N_("Test accuracy")), accuracy, tested, old),
        _number(say(N_("Test loss")), decimal(status.test_loss), tested, old),
        _number(say(N_("Learning rate")), _rate(now)),
        _number(say(N_("Images a second")), _speed(status)),
        _number(say(N_("Time left")), duration(say, status.seconds_left)),
    ]


def _number(name: str, text: str, remark: str = "", old: bool = False) -> NumberFacts:
    return {"name": name, "text": text, "remark": remark, "old": old}


def _state(say: Say, now: Moment | None) -> str:
    if now is None:
        return say(N_("ready"))
    word = say(STATES.get(now.status.state, now.status.state))
    if now.elsewhere:
        return say(N_("{state} elsewhere"), state=word)
    return say(N_("{state}, place {place}"), state=word, place=now.place) if now.place else word


def _tested(say: Say, status: Status) -> str:
    """Return when the network was last evaluated."""
    if status.tested is None:
        return ""
    return say(N_("after epoch {epoch}"), epoch=status.tested) if status.tested else say(N_("before training"))


def _is_old(status: Status) -> bool:
    """Return whether the evaluation before training is the last one, and the network has trained since."""
    return status.tested == 0 and status.step > 0


def _rate(now: Moment | None) -> str:
    if now is None or not now.status.steps:
        return "–"
    before, coming = f"{now.status.learning_rate:g}", f"{now.rate:g}"
    return before if coming == before else f"{before} → {coming}"


def _speed(status: Status) -> str:
    return "–" if status.examples_per_second is None else f"{status.examples_per_second:,.0f}"
