"""What the tests let a helper do: functions of a module, as the pages' own are."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

import torch

from core.errors import N_, InvalidSetting


def process() -> int:
    return os.getpid()


def double(x: torch.Tensor) -> torch.Tensor:
    print("this belongs to nobody")
    return 2 * x


def refuse(value: int) -> NoReturn:
    raise InvalidSetting(N_("{value} is too many"), value=value)


class Odd(Exception):
    """An exception that pickle can write and cannot read."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__("odd")
        self.both = first, second


def raise_odd() -> NoReturn:
    raise Odd(1, 2)


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def write_out_of_bounds() -> None:
    """What max pooling's backward does for a window in the padding alone, repeated until it shows."""
    x = torch.randn(1, 1, 2, 2, requires_grad=True)
    for _ in range(100_000):
        torch.nn.functional.max_pool2d(x, 2, padding=1, dilation=3).sum().backward()
    os.kill(os.getpid(), signal.SIGABRT)  # a torch that no longer does


def leave() -> None:
    sys.exit(3)


def exit_at_once() -> None:
    os._exit(5)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def fill(megabytes: int) -> int:
    return int(torch.ones(megabytes, 1_000_000, dtype=torch.uint8).numel())


def fill_python(megabytes: int) -> int:
    return len(bytearray(megabytes * 1_000_000))


def note(path: str, what: str, seconds: float) -> None:
    time.sleep(seconds)
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(what + "\n")


def backward() -> float:
    x = torch.ones(3, requires_grad=True)
    (x * x).sum().backward()
    assert x.grad is not None
    return float(x.grad.sum())
