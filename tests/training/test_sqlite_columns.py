"""core/training/sqlite_columns.py: exact, in order, and quick beside a thread that computes."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.training.sqlite_columns import numbers, texts

FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


def filled(values: list[float]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE TABLE batch (step INTEGER PRIMARY KEY, loss REAL NOT NULL)")
    connection.executemany("INSERT INTO batch VALUES (?, ?)", enumerate(values))
    return connection


@given(st.lists(FLOAT32, max_size=20))
def test_every_float32_comes_back_exactly_and_in_order(values: list[float]) -> None:
    table = numbers(filled(values), ("step", "loss"), "batch WHERE step >= ? ORDER BY step DESC", (0,))
    assert table.shape == (len(values), 2)
    assert table[:, 0].tolist() == list(range(len(values)))
    assert table[:, 1].tolist() == values


def test_texts_come_back_as_they_are() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    bodies = {8: '{"a": "\u6570"}', 16: '"quote \\" and \\n"', 9: ""}
    connection.executemany("INSERT INTO event VALUES (?, ?)", bodies.items())
    assert texts(connection, "event WHERE seq > ? ORDER BY seq LIMIT ?", (0, 9)) == sorted(bodies.items())
    assert texts(connection, "event WHERE seq > ?", (99,)) == []


def test_a_thread_that_computes_does_not_hold_up_each_row() -> None:
    connection, over = filled(np.linspace(0, 1, 500).tolist()), threading.Event()

    def compute() -> None:
        while not over.is_set():
            sum(range(1000))

    interval, busy = sys.getswitchinterval(), threading.Thread(target=compute)
    sys.setswitchinterval(0.02)
    busy.start()
    try:
        start = time.perf_counter()
        numbers(connection, ("step", "loss"), "batch")
        waited = (time.perf_counter() - start) / 0.02
    finally:
        over.set()
        busy.join()
        sys.setswitchinterval(interval)
    assert waited < 100  # turns of the other thread; one a row would be 500
