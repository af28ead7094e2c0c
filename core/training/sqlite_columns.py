"""Many rows of a SQLite table at once, handed over as one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def numbers(
    connection: sqlite3.Connection, columns: Sequence[str], what: str, values: Sequence[object] = ()
) -> NDArray[np.float64]:
    """Return these columns of ``what``, a table and which rows of it: float64 (rows, columns).

    The first column holds whole numbers, the rows come in their order. In the others a float32's value, as losses
    are, comes back exactly, any other number to SQLite's seventeen digits. All rows come as one text: SQLite gives
    Python's lock away for each row that it hands over, and while another thread computes it can be milliseconds
    until the lock is back, which made 1,000 rows take 6 s in place of 1 ms. It is JSON that reads the text,
    because NumPy's reader gives the lock away for each number.
    """
    digits = ",".join(["%d", *["%!.17g"] * (len(columns) - 1)])
    names = ",".join(columns)
    text = connection.execute(
        f"SELECT group_concat(printf('{digits}', {names})) FROM (SELECT {names} FROM {what})", values
    ).fetchone()[0]
    table = np.array(json.loads(f"[{text or ''}]"), dtype=np.float64).reshape(-1, len(columns))
    with np.errstate(over="ignore"):
        single = table.astype(np.float32).astype(np.float64)
    table = np.where(np.abs(single - table) <= 1e-15 * np.abs(table), single, table)
    return table[table[:, 0].argsort(kind="stable")]


def texts(connection: sqlite3.Connection, what: str, values: Sequence[object]) -> list[tuple[int, str]]:
    """Return number and body of these events, oldest first: as one text too, a line each, which JSON keeps to."""
    text = connection.execute(
        f"SELECT group_concat(seq || ' ' || body, char(10)) FROM (SELECT seq, body FROM {what})", values
    ).fetchone()[0]
    rows = (line.partition(" ") for line in (text.split("\n") if text else ()))
    return sorted((int(number), body) for number, _, body in rows)
