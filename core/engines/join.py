"""Lets this machine join a cluster: ``python -m core.engines.join --head``, or with the head's ``HOST:6379``.

It runs until Ctrl-C and passes on to ``ray start``: without statistics and dashboard, with Ray's token.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from core.settings import PROJECT

PORT = 6379
STORE_BYTES = 100_000_000  # as in `ray_transport`, which needs Ray to be imported
RAY = (sys.executable, "-m", "ray.scripts.scripts")


def command(options: argparse.Namespace) -> list[str]:
    """Return the command that starts Ray on this machine."""
    where = [f"--address={options.address}"]
    if options.head:
        where = ["--head", f"--port={PORT}", "--include-dashboard=false"]
    if options.host:
        where.append(f"--node-ip-address={options.host}")
    return [
        *RAY,
        "start",
        *where,
        f"--num-cpus={options.runs}",
        f"--object-store-memory={STORE_BYTES}",
        "--disable-usage-stats",
        "--block",
    ]


def environment() -> dict[str, str]:
    """Return the environment of Ray: Stepwise is importable from anywhere, and the token is asked for."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    return {"RAY_AUTH_MODE": "token", **os.environ, "PYTHONPATH": path, "RAY_USAGE_STATS_ENABLED": "0"}


def has_token() -> bool:
    """Return whether this machine knows a token of Ray."""
    variables = {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"} & os.environ.keys()
    return bool(variables) or (Path.home() / ".ray" / "auth_token").exists()


def main() -> int:
    """Start Ray in this process's place; exit status 2 when something is missing."""
    parser = argparse.ArgumentParser(description="Let this machine train runs of a Stepwise server.")
    parser.add_argument("address", nargs="?", default="", help="of the head, HOST:6379")
    parser.add_argument("--head", action="store_true", help="this machine is the first, beside the server")
    parser.add_argument("--host", default="", help="the address of this machine that the others reach")
    parser.add_argument("--runs", type=int, default=os.cpu_count() or 1, help="that train here at once")
    options = parser.parse_args()
    if options.head == bool(options.address):
        parser.error("either --head or the address of the head")
    if environment()["RAY_AUTH_MODE"] == "token" and not has_token():
        if not options.head:
            parser.error("this machine has no ~/.ray/auth_token: copy it from the head")
        subprocess.run([*RAY, "get-auth-token", "--generate"], check=True, stdout=subprocess.DEVNULL)
    os.chdir(PROJECT)
    os.execve(sys.executable, command(options), environment())


if __name__ == "__main__":
    sys.exit(main())
