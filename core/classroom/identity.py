"""Whose workspace: a signed cookie for a browser, an account for a signed-in user; a hash of it names the folder.

The cookie is the key to a workspace, so its 192 random bits are never stored: the folder's name is a SHA-256 of
them, and a name on the disk or in a log opens nothing. It is signed with the server's own secret, so that a
cookie made by hand is no cookie at all.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from core.training.files import replace_file

COOKIE = "stepwise_workspace"
COOKIE_DAYS = 400  # browsers keep a cookie no longer
TOKEN_BYTES = 24
WORKSPACE = re.compile(r"[0-9a-f]{40}")  # the only names that ever become a folder
_COOKIE = re.compile(r"[A-Za-z0-9_-]{32}\.[0-9a-f]{64}")


def server_secret(folder: Path) -> bytes:
    """Return the 32 secret bytes of this server, made once and kept in ``folder`` for nobody else to read."""
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        replace_file(path, secrets.token_bytes(32))
        path.chmod(0o600)
    secret = path.read_bytes()
    if len(secret) != 32:
        raise ValueError(f"{path} is damaged: delete it, and every browser gets a new workspace")
    return secret


def new_cookie(secret: bytes) -> str:
    """Return a new cookie: a random token and its HMAC-SHA-256 under ``secret``."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return f"{token}.{_sign(secret, token)}"


def token_of(secret: bytes, cookie: str | None) -> str | None:
    """Return the token of a cookie that this server gave out, None for anything else."""
    if not cookie or not _COOKIE.fullmatch(cookie):
        return None
    token, signature = cookie.split(".")
    return token if hmac.compare_digest(signature, _sign(secret, token)) else None


def workspace_of_browser(token: str) -> str:
    """Return the name of the workspace that belongs to the browser with this token."""
    return _name("browser", token)


def workspace_of_account(issuer: str, subject: str) -> str:
    """Return the name of the workspace of an account: OpenID Connect says who by ``iss`` and ``sub``."""
    return _name("account", issuer, subject)


def workspace_folder(root: Path, workspace: str) -> Path:
    """Return the folder of ``workspace`` under ``root``; ValueError for a name that is not one of ours."""
    if not WORKSPACE.fullmatch(workspace):
        raise ValueError("not the name of a workspace")
    return root / "workspaces" / workspace


def _name(*parts: str) -> str:
    # Each part with its length: ("ab", "c") and ("a", "bc") are two accounts.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _sign(secret: bytes, token: str) -> str:
    return hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()
