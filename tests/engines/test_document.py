"""The commands, variables and numbers of docs/cluster.md are those of the code; Ray itself is not started."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from core.engines import cluster, join, selection
from core.settings import PROJECT
from core.training.checkpoint_writer import AUTO_SECONDS

DOCUMENT = (PROJECT / "docs" / "cluster.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)
    for line in DOCUMENT.partition("```sh\n")[2].partition("```")[0].splitlines()
    if line
]
INSTALL, HEAD, COPY, NODE, SERVE = COMMANDS


class ProcessReplaced(Exception):
    """Carries the command and the environment of the process that takes this one's place."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without a token, in an environment that names none."""
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def run_join(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> tuple[list[str], dict[str, str], list[list[str]]]:
    """Run a ``python -m core.engines.join``; return Ray's command, its environment and the calls before it."""
    assert command[:3] == ["python", "-m", "core.engines.join"]
    before: list[list[str]] = []

    def replace(_file: str, arguments: list[str], environment: dict[str, str]) -> NoReturn:
        raise ProcessReplaced(arguments, environment)

    def run(arguments: list[str], check: bool, stdout: int) -> None:
        assert check and stdout == subprocess.DEVNULL  # the token is not printed
        before.append(list(arguments))

    monkeypatch.setattr(os, "execve", replace)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", command[2:])
    monkeypatch.chdir(PROJECT)
    with pytest.raises(ProcessReplaced) as stop:
        join.main()
    arguments, environment = stop.value.args
    return arguments, environment, before


def test_the_first_command_installs_ray_in_the_version_that_is_named() -> None:
    assert INSTALL[:3] == ["pip", "install", "-r"]
    version = re.search(r"\((\d+\.\d+) or newer\)", DOCUMENT)
    assert version is not None
    assert f"ray>={version[1]}," in (PROJECT / INSTALL[3]).read_text(encoding="utf-8")


def test_the_second_command_starts_the_head_in_the_foreground_and_makes_a_token_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, environment, before = run_join(monkeypatch, HEAD)
    assert {"--head", "--block", "--node-ip-address=192.0.2.1", "--port=6379"} <= set(arguments)
    assert {"--include-dashboard=false", "--disable-usage-stats"} <= set(arguments)
    assert f"--num-cpus={os.cpu_count()}" in arguments  # "default: one for each core"
    assert environment["RAY_AUTH_MODE"] == "token" and environment["RAY_USAGE_STATS_ENABLED"] == "0"
    assert [each[-2:] for each in before] == [["get-auth-token", "--generate"]]
    (home / ".ray").mkdir()
    (home / ".ray" / "auth_token").write_text("secret")
    assert run_join(monkeypatch, HEAD)[2] == []
    assert "--num-cpus=0" in run_join(monkeypatch, [*HEAD, "--runs", "0"])[0]


def test_without_the_file_that_the_third_command_copies_the_fourth_refuses(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert COPY[0] == "scp" and COPY[2].partition(":")[2] == ".ray/"
    monkeypatch.setattr(sys, "argv", NODE[2:])
    with pytest.raises(SystemExit) as stop:
        join.main()
    assert stop.value.code == 2
    assert f"no {COPY[1]}: copy it from the head" in capsys.readouterr().err
    assert copy_token(home)
    assert "--block" in run_join(monkeypatch, NODE)[0]


def copy_token(home: Path) -> bool:
    """Do what the third command does to this machine."""
    token = Path(COPY[1].replace("~", str(home)))
    token.parent.mkdir()
    token.write_text("secret")
    return join.has_token()


def test_the_fourth_command_joins_the_head_of_the_second(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert copy_token(home)
    arguments, environment, before = run_join(monkeypatch, [*NODE, "--runs", "4"])
    address = f"{HEAD[HEAD.index('--host') + 1]}:{join.PORT}"
    assert NODE[3] == address == dict(part.split("=", 1) for part in SERVE[:2])["STEPWISE_RAY_ADDRESS"]
    assert {f"--address={address}", "--node-ip-address=192.0.2.2", "--num-cpus=4"} <= set(arguments)
    assert "--block" in arguments and "--head" not in arguments and before == []
    assert environment["PYTHONPATH"].split(os.pathsep)[0] == str(PROJECT)


def test_a_private_network_can_switch_the_token_off(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "`RAY_AUTH_MODE=disabled` switches this off" in DOCUMENT and not (home / ".ray").exists()
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    assert run_join(monkeypatch, NODE)[1]["RAY_AUTH_MODE"] == "disabled"


@pytest.mark.parametrize("variable", ["RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"])
def test_a_token_of_the_environment_counts(home: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    assert f"`{variable}`" in DOCUMENT and not (home / ".ray").exists()
    monkeypatch.setenv(variable, "secret")
    assert run_join(monkeypatch, NODE)[2] == []


def test_the_fifth_command_serves_with_the_cluster_of_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = dict(part.split("=", 1) for part in SERVE[:2])
    assert variables.keys() == {selection.ENGINE, selection.ADDRESS}
    addresses: list[str] = []
    transport = ModuleType("core.engines.ray_transport")
    transport.RayTransport = addresses.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "core.engines.ray_transport", transport)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(cluster, "Cluster", lambda _transport, _ended: "the cluster")
    for name in selection.RAY_ENVIRONMENT:
        monkeypatch.setenv(name, "")
    assert selection.engine(environment=variables) == "the cluster"
    assert selection.engine(environment={selection.ENGINE: "ray"}) == "the cluster"
    assert addresses == [variables[selection.ADDRESS], ""]
    assert SERVE[2:] == ["make", "serve"]
    printed = subprocess.run(
        ["make", "-n", "serve"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert "serve.py" in printed


def test_what_is_told_of_failures_is_what_the_code_does() -> None:
    assert importlib.util.find_spec("benchmarks.cluster") is not None
    text = " ".join(DOCUMENT.split())
    assert f"at most about {AUTO_SECONDS:.0f} s old" in text
    assert cluster.LOSSES_MOST == 3 and "whose machine dies three times ends" in text
    source = (PROJECT / "core" / "engines" / "ray_transport.py").read_text(encoding="utf-8")  # needs Ray to import
    assert "CALL_SECONDS = 20.0" in source and "after a few seconds, 20 at most" in text
