"""Plants faults into trainings and counts which of them the examination names, and how often it is wrong.

    python -m benchmarks.examination
    python -m benchmarks.examination --json --healthy 20

Each planted training has one fault; it is named right when it is the first finding. A healthy training is one of
varied settings that learns; any finding there is a false alarm. With ``--cost`` only what looking costs a run is
measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import chain
from statistics import median

from benchmarks.faulty_trainings import ALSO_HEALTHY, PLANTED, Training, examined, healthy
from benchmarks.report import Row, show
from core import datasets
from core.examination import Examiner, Finding, diagnose
from core.training.config import TrainConfig
from core.training.examination import EVERY
from core.training.loop import new_state, train

NAME = "examination"


def findings(training: Training) -> tuple[Finding, ...]:
    """Run ``training`` and return what the examination says."""
    return diagnose(examined(training))


def rows(healthy_runs: int) -> Iterator[Row]:
    """Yield the counts; what was not named right, and every false alarm, goes to stderr."""
    right = 0
    for training in PLANTED:
        keys = [finding.key for finding in findings(training)]
        right += keys[:1] == [training.fault]
        if keys[:1] != [training.fault]:
            print(f"planted {training.fault} ({training.name}): {keys}", file=sys.stderr)
    yield Row(NAME, "planted faults", len(PLANTED), "", ">= 30")
    yield Row(NAME, "named right", right, "", f">= {round(0.9 * len(PLANTED))}")
    alarms = 0
    for training in chain(healthy(healthy_runs), ALSO_HEALTHY):
        keys = [finding.key for finding in findings(training)]
        alarms += bool(keys)
        if keys:
            print(f"healthy ({training.name}): {keys}", file=sys.stderr)
    yield Row(
        NAME,
        f"false alarms in {healthy_runs + len(ALSO_HEALTHY)} healthy runs",
        alarms,
        "",
        f"<= {healthy_runs // 100}",
    )


def cost(rounds: int = 5, epochs: int = 3) -> Iterator[Row]:
    """Yield what looking at every ``EVERY``th step costs: processor time of runs that look always, or never."""
    config = TrainConfig(dataset="digits", network="mnist", epochs=epochs, threads=1)
    data = datasets.load("digits")
    durations: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(rounds):
        for looks in (True, False):
            state = new_state(config)
            observer = Examiner(state.network, state.optimizer, every=1) if looks else None
            start = time.process_time()
            for _event in train(config, data, state, observer=observer):
                pass
            durations[looks].append(time.process_time() - start)
    ratio = median(durations[True]) / median(durations[False])
    yield Row(NAME, "a step that is looked at, against one that is not", ratio, "")
    yield Row(NAME, f"looking at every {EVERY}th step, of the time", 100 * (ratio - 1) / EVERY, "%", "< 3")


def main() -> int:
    """Print the table; exit status 1 when a target is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--healthy", type=int, default=100, help="healthy trainings")
    parser.add_argument("--cost", action="store_true", help="only what looking costs")
    options = parser.parse_args()
    return show(cost() if options.cost else chain(cost(), rows(options.healthy)), options.json)


if __name__ == "__main__":
    sys.exit(main())
