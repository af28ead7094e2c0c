"""Who is here: the workspace of this browser or account in a classroom; on your own machine there is only one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from core.classroom import identity
from core.classroom.classroom import classroom
from core.classroom.settings import is_classroom
from core.classroom.workspace_jobs import WorkspaceJobs
from core.errors import N_, InvalidSetting
from core.settings import runs_folder
from pages.shared import markdown
from pages.shared.language import _


def admit() -> bool:
    """Return whether the page may be shown; where not, say why and what to do. Shows who is signed in."""
    if not is_classroom() or workspace() is not None:
        _who_is_signed_in()
        return True
    if providers():
        st.title("Stepwise", anchor=False)
        st.markdown(_("Sign in: your runs then wait for you on every machine."))
        for provider in providers():
            st.button(
                _("Sign in with {provider}", provider=provider) if provider else _("Sign in"),
                on_click=st.login,
                args=(provider or None,),
                key=f"sign_in_{provider}",
                type="primary",
            )
        return False
    st.title("Stepwise", anchor=False)
    st.info(
        _(
            "Your browser did not say which workspace is yours. Reload this page; if this message persists, "
            "allow cookies for this address."
        )
    )
    return False


def workspace() -> str | None:
    """Return the name of this visitor's workspace, None for a visitor who has none (yet)."""
    if providers():
        who = st.user.to_dict()
        if not who.get("is_logged_in") or not who.get("sub"):
            return None
        return identity.workspace_of_account(str(who.get("iss", "")), str(who["sub"]))
    token = browser()
    return identity.workspace_of_browser(token) if token else None


def browser() -> str | None:
    """Return how the gateway names this browser: "" on your own machine, None where it has no cookie (yet)."""
    if not is_classroom():
        return ""
    return identity.token_of(classroom().secret, st.context.cookies.get(identity.COOKIE))


def workspace_jobs() -> WorkspaceJobs:
    """In a classroom, return this user's runs; ``InvalidSetting`` for a user without a workspace."""
    mine = workspace()
    if mine is None:
        raise InvalidSetting(N_("this page has lost its session: reload it"))
    return classroom().jobs_of(mine)


def folder() -> Path:
    """Return the folder that holds this visitor's runs."""
    return workspace_jobs().root if is_classroom() else runs_folder()


def providers() -> list[str]:
    """Return the names under which people can sign in ("" for the only one), none where nobody has to."""
    if not is_classroom() or not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        return []
    auth = st.secrets["auth"]
    named = [name for name, value in auth.items() if isinstance(value, Mapping)]
    return named if named else [""]


def _who_is_signed_in() -> None:
    """In the sidebar: the account, and the way out."""
    if not providers():
        return
    who = st.user.to_dict()
    st.sidebar.caption(markdown.plain(str(who.get("name") or who.get("email") or who.get("sub") or "")[:80]))
    st.sidebar.button(_("Sign out"), on_click=st.logout, key="sign_out")
