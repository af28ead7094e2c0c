"""Test the ranges of ``requirements.txt`` at their ends: ``python -m tools.ranges [NAME ...] [-- ARGUMENTS]``.

A NAME is ``oldest`` (the lowest release of every range), ``newest`` (what the package index serves last) or a
constraint such as ``"torch<2.15"``. Each gets an environment of its own in ``.venvs/``, which takes minutes and
gigabytes and is used again. ARGUMENTS go to pytest; without them every test runs. Exit status 1 when one fails.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".venvs"
NAMES = ("oldest", "torch<2.15", "newest")
EVERY_TEST = ["-m", ""]


def run(*command: str | Path) -> None:
    """Run ``command`` in the project's folder. Raises ``CalledProcessError`` when it fails."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def output(*command: str | Path) -> str:
    """Return what ``command`` prints. Raises ``CalledProcessError`` when it fails."""
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def environment(name: str) -> Path:
    """Return the Python of the environment ``name``, made where it is missing and brought up to date."""
    folder = ENVIRONMENTS / re.sub(r"[^\w.]+", "-", name)
    python = folder / "bin" / "python"
    if not python.exists():
        run(sys.executable, "-m", "venv", folder)
        run(python, "-m", "pip", "install", "--quiet", "uv")
    install = (python, "-m", "uv", "pip", "install", "--quiet", "--python", python)
    run(*install, *packages(name, folder), "-r", "requirements.txt")
    installed = folder / "installed.txt"
    installed.write_text(output(python, "-m", "uv", "pip", "freeze", "--python", python), encoding="utf-8")
    run(*install, "--constraint", installed, "-r", "requirements-dev.txt")
    return python


def packages(name: str, folder: Path) -> list[str | Path]:
    """Return what tells the installer which release of each range to take."""
    if name == "oldest":
        return ["--resolution", "lowest-direct"]
    if name == "newest":
        return ["--upgrade"]
    constraint = folder / "constraint.txt"
    constraint.write_text(name + "\n", encoding="utf-8")
    return ["--constraint", constraint]


def main(arguments: list[str]) -> int:
    """Test each named set of releases; print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: {' '.join(NAMES)}")
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options, pytest_arguments = parser.parse_args(arguments[:split]), arguments[split + 1 :]
    results = []
    for name in options.names or NAMES:
        python = environment(name)
        torch = output(python, "-c", "import torch; print(torch.__version__)").strip()
        command = [str(python), "-m", "pytest", *(pytest_arguments or EVERY_TEST)]
        results.append((name, torch, subprocess.run(command, cwd=ROOT, check=False).returncode))
    for name, version, status in results:
        print(f"{name:12} torch {version:14} {'passed' if status == 0 else 'FAILED'}")
    return int(any(status for _, _, status in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
