"""What is imported is left out of later collections; what is garbage among it is collected once."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PROGRAM = """
    import gc, weakref
    from core import garbage

    class Node:
        pass

    def cycle():
        node = Node()
        node.itself = node
        return weakref.ref(node)

    with garbage.uncollected():
        assert not gc.isenabled()
        kept = [Node() for _ in range(5_000)]
        dropped = cycle()
    assert gc.isenabled() and gc.get_freeze_count() > 5_000
    gc.collect()
    assert dropped() is not None and not any(node in gc.get_objects() for node in kept[:3])
    garbage.collect_once()
    assert dropped() is None and gc.get_freeze_count() > 5_000
    later = cycle()
    gc.collect()
    assert later() is None

    gc.disable()
    with garbage.uncollected():
        pass
    assert not gc.isenabled()
    gc.enable()

    try:
        with garbage.uncollected():
            raise ImportError
    except ImportError:
        assert gc.isenabled()
"""


def test_what_was_imported_is_left_out_of_collections_and_its_garbage_is_collected_once() -> None:
    subprocess.run([sys.executable, "-c", textwrap.dedent(PROGRAM)], check=True, cwd=ROOT, timeout=60)
