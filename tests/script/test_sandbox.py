"""The command lines of bubblewrap: what a program may not do, read from the options, on any machine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from core.script.process import launcher, sandbox
from core.settings import PROJECT


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    return tmp_path


def pairs(words: list[str], option: str) -> list[tuple[str, str]]:
    """Return what follows an option, each time that it stands there."""
    return [(words[i + 1], words[i + 2]) for i, word in enumerate(words) if word == option]


@pytest.mark.parametrize("kind", [sandbox.CLOSED, sandbox.OWN])
def test_nothing_is_bound_that_can_be_written(kind: str, home: Path) -> None:
    words = sandbox.command(kind, {"PATH": "/usr/bin"})
    assert not {"--bind", "--bind-try", "--dev-bind", "--dev-bind-try", "--share-net"} & set(words)
    folders = [words[i + 1] for i, word in enumerate(words) if word == "--tmpfs"]
    assert {"/tmp", "/dev/shm"} <= set(folders)
    for place in [i for i, word in enumerate(words) if word == "--tmpfs"]:
        is_limited = words[place - 2] == "--size" and 0 < int(words[place - 1]) <= 1_000_000_000
        assert is_limited or words[place + 1] == str(home)
    assert words[words.index("--chdir") + 1] == sandbox.FOLDER
    assert words[0] == "/usr/bin/bwrap" and words[-1] == "--"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("kind", [sandbox.CLOSED, sandbox.OWN])
def test_a_program_has_no_rights_no_other_processes_and_ends_with_the_server(kind: str) -> None:
    words = sandbox.command(kind, {})
    options = {
        "--die-with-parent",
        "--new-session",
        "--unshare-user",
        "--unshare-pid",
        "--unshare-ipc",
        "--clearenv",
    }
    assert options | {"--disable-userns"} <= set(words)
    assert words[words.index("--cap-drop") + 1] == "ALL"
    assert words.index("--clearenv") < len(words) - 1 and "--setenv" not in words
    assert ("/proc/sys", "/proc/sys") in pairs(words, "--ro-bind-try")


@pytest.mark.usefixtures("home")
def test_a_program_sees_only_the_environment_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_TOKEN", "sesame")
    words = sandbox.command(sandbox.CLOSED, {"PATH": "/usr/bin", "HOME": "/tmp"})
    assert pairs(words, "--setenv") == [("PATH", "/usr/bin"), ("HOME", "/tmp")]
    assert words.index("--clearenv") < words.index("--setenv") and "sesame" not in " ".join(words)


def test_a_classrooms_program_has_no_network_and_sees_neither_the_app_nor_what_is_kept(home: Path) -> None:
    words = sandbox.command(sandbox.CLOSED, {})
    assert "--unshare-net" in words and words[words.index("--remount-ro", words.index("/dev")) :].count("/") >= 1
    assert words[words.index("--uid") + 1] == words[words.index("--gid") + 1] == "65534"
    sources = {source for option in ("--ro-bind", "--ro-bind-try") for source, _target in pairs(words, option)}
    assert "/" not in sources and str(PROJECT) not in sources and str(home) not in sources
    assert {"/etc", "/home", "/root", "/var", "/run"} & sources == set()
    assert str(PROJECT / "core") in sources and sys.prefix in sources
    own = sandbox.command(sandbox.OWN, {})
    assert "--unshare-net" not in own and ("/", "/") in pairs(own, "--ro-bind")


def test_without_bubblewrap_nothing_works_and_a_classroom_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    sandbox.works.cache_clear()
    try:
        assert not sandbox.works(sandbox.CLOSED) and not sandbox.works(sandbox.OWN)
    finally:
        sandbox.works.cache_clear()
    monkeypatch.setattr(launcher.settings, "is_classroom", lambda: True)
    assert launcher.kind_here(lambda _kind: False) == sandbox.CLOSED, "never without one"
    monkeypatch.setattr(launcher.settings, "is_classroom", lambda: False)
    assert launcher.kind_here(lambda _kind: False) == sandbox.NONE
