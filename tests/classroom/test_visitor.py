"""pages.shared.visitor: an account's workspace is its own, and a user who is not signed in is asked to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import i18n, mnist_files
from core.classroom import classroom as classrooms
from core.classroom.classroom import Classroom
from core.classroom.identity import workspace_of_account
from core.classroom.settings import Settings
from core.errors import InvalidSetting
from core.settings import CLASSROOM
from core.training import run_folder
from core.training.config import TrainConfig
from pages.shared import visitor

ROOT = Path(__file__).resolve().parents[2]
ISSUER = "https://accounts.example.org"
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "x" * 40,
    "client_id": "stepwise",
    "client_secret": "y",
    "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    monkeypatch.setenv(CLASSROOM, "1")
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    classroom = Classroom(tmp_path.resolve(), Settings(), standby=False)
    monkeypatch.setattr(visitor, "browser", lambda: "of an account")  # AppTest has no cookies
    monkeypatch.setitem(classrooms.by_folder, tmp_path.resolve(), classroom)
    yield classroom
    classroom.close()


def visit(file: str, user: dict[str, object] | None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.secrets["auth"] = AUTH
    app.user = user or {"is_logged_in": False}
    app.run()
    return app.switch_page(f"pages/{file}.py").run() if user else app


def person(subject: str, **more: object) -> dict[str, object]:
    return {"is_logged_in": True, "iss": ISSUER, "sub": subject, "name": subject, **more}


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.error, app.warning, app.sidebar.caption)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_who_is_not_signed_in_is_asked_to_and_sees_nothing_else(machine: Classroom) -> None:
    app = visit("runs", None)
    assert not app.exception
    assert [button.key for button in app.button] == ["sign_in_"]
    assert "Sign in" in words(app)
    assert not list(machine.root.glob("workspaces/*"))


def test_an_account_sees_its_own_runs_and_no_others(machine: Classroom) -> None:
    name = "a run of Ann's"
    folder = machine.jobs_of(workspace_of_account(ISSUER, "ann")).root
    run = run_folder.create(folder, TrainConfig(dataset="digits"), name)
    ann, bob = visit("train", person("ann")), visit("train", person("bob"))
    assert not ann.exception
    assert not bob.exception
    for who, sees in ((person("ann"), True), (person("bob"), False), (person("ann", iss="https://other"), False)):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.secrets["auth"], app.user = AUTH, who
        app.run()
        app.query_params["run"] = run.id
        app.switch_page("pages/train.py").run()
        assert not app.exception
        assert ("no such run" not in words(app)) == sees


def test_a_name_full_of_markup_is_shown_as_it_is(machine: Classroom) -> None:
    del machine
    app = visit("train", person("ann", name="<b>**Ann**</b> $x$"))
    captions = [caption.value for caption in app.sidebar.caption]
    assert any("\\*\\*Ann\\*\\*" in text and "\\<b\\>" in text for text in captions), captions


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("present", [True, False])
def test_a_user_of_a_classroom_sees_no_folder_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: bool
) -> None:
    monkeypatch.setenv("STEPWISE_DATA", str(tmp_path / "data"))
    (tmp_path / "data" / "MNIST" / "raw").mkdir(parents=True)
    monkeypatch.setattr(mnist_files, "missing", lambda _root=None: [] if present else list(mnist_files.FILES))
    texts = [each.value for each in visit("digits", person("one")).markdown]
    assert any("MNIST" in each for each in texts)
    assert not any(str(tmp_path) in each.replace("\\", "") for each in texts)


@pytest.mark.usefixtures("machine")
def test_a_sentence_names_a_folder_of_a_classroom_by_its_setting_and_one_of_your_own_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = mnist_files.raw_folder()
    error = InvalidSetting("{folder} cannot be written: {reason}", folder=str(missing), reason=f"[{tmp_path}/w/a]")
    text = i18n.translate_error("en", error)
    assert text == "STEPWISE_DATA/MNIST/raw cannot be written: [STEPWISE_RUNS/w/a]"
    assert "STEPWISE_DATA" in i18n.translate_error("zh", error)
    monkeypatch.delenv(CLASSROOM)
    assert i18n.translate_error("en", error) == str(error)
