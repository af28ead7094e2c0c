"""Fixtures of all tests: where the data is, and what is skipped without it."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner

from core import garbage
from core.engines import selection
from core.training.worker_pool import WorkerPool
from pages.shared import streamlit_compat

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ROOT.parent / "shared" / "mnist"

streamlit_compat.disable_legacy_pages()  # as the server does when it starts

# A server looks once through the metadata of all installed packages for components, AppTest for each app.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def pool_without_standby(limit: int | None, _standby: bool, ended: Callable[[Path], None]) -> WorkerPool:
    """Return the pool of pages that a test opens in this process; each has a folder of runs of its own.

    A worker that stands by imports torch, for two seconds of processor, and most of these tests start no run.
    """
    return WorkerPool(limit, standby=False, ended=ended)


selection.WorkerPool = pool_without_standby  # type: ignore[assignment, misc]

# Two test processes and what they start share the cores: more threads would only wait for each other, and spin.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The tests use MNIST where the environment names it or where it lies beside the project.
if "STEPWISE_DATA" not in os.environ and BESIDE.exists():
    os.environ["STEPWISE_DATA"] = str(BESIDE)

# CI judges the change, so it draws the same examples each time; anywhere else new ones are looked for.
settings.register_profile(
    "stepwise",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("few", settings.get_profile("stepwise"), max_examples=5)  # make check
settings.load_profile("stepwise")


# A module that imports one of these opens pages, or starts processes, or waits for them, if it is not LIGHT.
STARTS = {
    "AppTest",
    "subprocess",
    "isolation",
    "threading",
    "Launcher",
    "Pool",
    "Runner",
    "RunController",
    "serve",
    "harness",
    "chromium",
}


SECONDS = {"long": 20.0, "browser": 4.0, "heavy": 1.0}  # that a test of each mark takes, about; others a tenth


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around the choice of tests by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark as ``heavy`` what `make check` leaves out for what its module imports; run the longest files first."""
    for item in items:
        light = getattr(item, "module", None) is None or getattr(item.module, "LIGHT", False)
        if not light and starts(item.module):
            item.add_marker("heavy")
    yield
    sort_longest_file_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect no garbage while tests are imported, and leave what they imported out of later collections."""
    with garbage.uncollected():
        yield


@cache
def starts(module: ModuleType) -> bool:
    """Return whether a module, or a helper of the tests that it imports from, imports one of ``STARTS``."""
    homes = {getattr(value, "__module__", None) for value in vars(module).values()} - {module.__name__}
    helpers = [sys.modules[name] for name in homes if isinstance(name, str) and name.startswith("tests.")]
    return any(STARTS & vars(each).keys() for each in (module, *helpers))


def sort_longest_file_first(items: list[pytest.Item]) -> None:
    """Sort ``items`` so that no long file is left for the end, when it would keep one worker busy alone."""
    seconds: Counter[Path] = Counter()  # of each file, about
    for item in items:
        seconds[item.path] += max((SECONDS.get(mark.name, 0.1) for mark in item.iter_markers()), default=0.1)
    items.sort(key=lambda item: (-seconds[item.path], item.path))


def pytest_report_header(config: pytest.Config) -> str:
    """Say which tests run."""
    alone = config.getoption("markexpr") == "not long"
    return "without the long tests: make test runs them too" if alone else "the long tests too"


@pytest.fixture(autouse=True, scope="module")
def no_worker_outlives_its_module() -> Iterator[None]:
    """End the workers of the pages that a module opened: each holds hundreds of megabytes until it is closed."""
    yield
    jobs_module = sys.modules.get("pages.shared.jobs")  # imports torch: not for tests that need none
    if jobs_module is not None:
        jobs_module.close()


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """The data folder when it holds MNIST; the tests that need it skip without it and say so."""
    folder = Path(os.environ.get("STEPWISE_DATA", ROOT / "data"))
    if not (folder / "MNIST" / "raw").exists():
        pytest.skip("MNIST is not in the folder that STEPWISE_DATA names")
    return folder
