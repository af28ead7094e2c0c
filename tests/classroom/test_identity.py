"""core.classroom.identity: only the server's own cookies open a workspace, and no name leaves its folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classroom import identity

SECRET = b"s" * 32


def test_a_cookie_opens_the_workspace_of_its_token_and_no_two_are_alike() -> None:
    cookies = {identity.new_cookie(SECRET) for _ in range(1000)}
    tokens = {identity.token_of(SECRET, cookie) for cookie in cookies}
    assert None not in tokens
    assert len(cookies) == len(tokens) == 1000


@given(st.text(max_size=200))
def test_a_cookie_made_by_hand_is_no_cookie(cookie: str) -> None:
    assert identity.token_of(SECRET, cookie) is None


def test_one_changed_letter_or_another_servers_secret_is_noticed() -> None:
    cookie = identity.new_cookie(SECRET)
    for place, letter in enumerate(cookie):
        other = cookie[:place] + ("A" if letter != "A" else "B") + cookie[place + 1 :]
        assert identity.token_of(SECRET, other) is None
    assert identity.token_of(b"t" * 32, cookie) is None
    assert identity.token_of(SECRET, cookie + "\n") is None


@given(st.text(max_size=60))
def test_no_name_but_ours_becomes_a_folder(name: str) -> None:
    with pytest.raises(ValueError, match="workspace"):
        identity.workspace_folder(Path("root"), name)


@given(st.text(), st.text())
def test_every_account_has_a_folder_of_its_own_inside_the_root(issuer: str, subject: str) -> None:
    name = identity.workspace_of_account(issuer, subject)
    assert identity.workspace_folder(Path("root"), name).parent == Path("root/workspaces")
    assert name != identity.workspace_of_browser(subject)
    assert name != identity.workspace_of_account(issuer + "x", subject)


def test_the_parts_of_an_account_cannot_be_shifted_into_another_account() -> None:
    assert identity.workspace_of_account("ab", "c") != identity.workspace_of_account("a", "bc")


def test_the_name_of_a_folder_does_not_tell_the_cookie() -> None:
    cookie = identity.new_cookie(SECRET)
    token = identity.token_of(SECRET, cookie)
    assert token
    assert token not in identity.workspace_of_browser(token)


def test_the_secret_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    secret = identity.server_secret(tmp_path / "new")
    assert len(secret) == 32
    assert identity.server_secret(tmp_path / "new") == secret
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    (tmp_path / "new" / "secret").write_bytes(b"")
    with pytest.raises(ValueError, match="damaged"):
        identity.server_secret(tmp_path / "new")
